/** What a caller may do with projects: he sees those that he may see, and makes none that he would not see. */
import { parse } from 'yaml';
import type { Caller } from '../../identity/caller.ts';
import { problems } from '../errors.ts';
import { type ListedKind, type ListStrings, listQuery } from '../lists/list-query.ts';
import type { Gateway } from '../settings.ts';
import type { ProjectOperations } from './schema.ts';

const listedProjects: ListedKind = {
  kind: 'projects',
  fields: ['name', 'title', 'description'],
  sortFields: ['_createdAt', '_updatedAt'],
  timeFields: [],
  defaultSort: '_updatedAt',
};

export function projectOperations(gateway: Gateway, caller: Caller): ProjectOperations {
  const { projects } = gateway;
  return {
    async list(list) {
      const { limit, skip = 0, ...query } = listQuery(listedProjects, inDoubleQuotes(list));
      const seen = (await projects.find(query)).filter(({ name }) => caller.maySee(name));
      return seen.slice(skip, limit === undefined ? undefined : skip + limit);
    },
    async describe(name) {
      return caller.maySee(name) ? projects.get(name) : undefined;
    },
    async save(input) {
      if (!caller.maySee(input.name)) throw problems.projectNotYours(input.name);
      return projects.save(input, caller.username);
    },
    async delete(name) {
      return caller.maySee(name) && projects.delete(name);
    },
  };
}

/**
 * The existing command line writes JSON with single quotes into GraphQL's own strings: `{'_updatedAt':-1}`. YAML reads
 * both.
 */
function inDoubleQuotes(list: ListStrings): ListStrings {
  const json = (text: string | null | undefined) => (text?.includes("'") ? asJson(text) : text);
  return { ...list, filter: json(list.filter), sort: json(list.sort) };
}

function asJson(text: string): string {
  try {
    return JSON.stringify(parse(text, { maxAliasCount: 0 }));
  } catch {
    return text;
  }
}
