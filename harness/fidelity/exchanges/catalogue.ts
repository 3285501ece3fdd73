/**
 * Reads the catalogue of exchanges: one YAML file a topic in `topics/`. A case with `for` is a family: it is played
 * once for each member of a list, or of the product of several. Lists that several topics need stand in
 * `topics/shared.yaml`.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import type { Case, JsonRecord, Step } from './exchange.ts';
import { fill } from './fill.ts';

type Members = readonly JsonRecord[];

interface CaseFile {
  readonly topic: string;
  readonly variables?: JsonRecord;
  readonly cases: readonly CaseEntry[];
}

interface CaseEntry {
  readonly name: string;
  /** A list, the name of a shared one, or several of these for their product. */
  readonly for?: string | readonly (string | JsonRecord | Members)[];
  readonly variables?: JsonRecord;
  readonly steps: readonly Step[];
}

interface Shared {
  readonly lists: Readonly<Record<string, Members>>;
  readonly variables: JsonRecord;
  /** Played once on each server before all cases. */
  readonly ground: readonly Step[];
}

export interface Catalogue {
  readonly cases: readonly Case[];
  readonly ground: Case;
}

const FOLDER = new URL('topics/', import.meta.url);
const SHARED = 'shared.yaml';

export function readCatalogue(): Catalogue {
  const shared = read(SHARED) as Shared;
  const files = readdirSync(FOLDER)
    .filter((file) => file.endsWith('.yaml') && file !== SHARED)
    .sort();
  const named = files.flatMap((file) => casesOf(read(file) as CaseFile, shared));
  const cases = named.map((each) => ({ ...each, namespace: namespaceOf(each) }));
  refuseRepeated(cases);
  const ground = {
    topic: 'ground',
    name: 'ground',
    namespace: 'ground',
    variables: shared.variables,
    steps: shared.ground,
  };
  return { cases, ground };
}

function read(file: string): unknown {
  // Anchors in the files are used like variables: often.
  return parse(readFileSync(new URL(file, FOLDER), 'utf8'), { maxAliasCount: -1, merge: true });
}

function casesOf(file: CaseFile, shared: Shared): Omit<Case, 'namespace'>[] {
  return file.cases.flatMap((entry) =>
    membersOf(entry, shared).map((member) => {
      const variables = { ...shared.variables, ...file.variables, ...entry.variables, ...member };
      return { topic: file.topic, name: String(fill(entry.name, variables)), variables, steps: entry.steps };
    }),
  );
}

function membersOf(entry: CaseEntry, shared: Shared): Members {
  if (entry.for === undefined) return [{}];
  if (typeof entry.for === 'string') return listNamed(entry.for, shared, entry.name);
  const isOneList = entry.for.every((each) => typeof each === 'object' && !Array.isArray(each));
  if (isOneList) return entry.for as Members;
  const lists = entry.for.map((each) =>
    typeof each === 'string' ? listNamed(each, shared, entry.name) : (each as Members),
  );
  return lists.reduce<Members>(
    (product, list) => product.flatMap((one) => list.map((other) => ({ ...one, ...other }))),
    [{}],
  );
}

function listNamed(name: string, shared: Shared, entry: string): Members {
  const lists = name.split(' + ').map((each) => {
    const list = shared.lists[each];
    if (!list) throw new Error(`case "${entry}": exchanges/${SHARED} has no list "${each}"`);
    return list;
  });
  return lists.flat();
}

/** The same on every run, whatever other cases there are. */
function namespaceOf({ topic, name }: { topic: string; name: string }): string {
  let hash = 0x811c9dc5;
  for (const character of `${topic}/${name}`) {
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  }
  return `t${hash.toString(36)}`;
}

function refuseRepeated(cases: readonly Case[]): void {
  const seen = new Map<string, Case>();
  for (const each of cases) {
    const other = seen.get(each.namespace);
    if (other) throw new Error(`${each.topic}: "${each.name}" and "${other.name}" need different names`);
    seen.set(each.namespace, each);
  }
}
