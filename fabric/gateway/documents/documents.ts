/**
 * Documents that users save under a name in a project: skills, agents, actions, types. A save that changes something
 * makes the next version, one that changes nothing keeps it; superseded versions are kept.
 */
import { isDeepStrictEqual } from 'node:util';
import type { World } from '../../../world/world.ts';
import type { ListedKind } from '../lists/list-query.ts';
import type { Collection, Query, Store } from '../stores/store.ts';

/** Scalars that documents of all kinds are listed by. */
export interface Facts {
  readonly title?: string;
  readonly description?: string;
  /** Of actions. */
  readonly type?: string;
  readonly image?: string;
  /** Of connections. */
  readonly connectionType?: string;
  readonly allowWrite?: boolean;
  readonly contentType?: string;
}

export interface Saved<Content extends object> extends Facts {
  readonly projectId: string;
  readonly name: string;
  /** Counted from 1. */
  readonly version: number;
  readonly content: Content;
  readonly createdBy: string;
  readonly updatedBy: string;
  /** Epoch ms. */
  readonly createdAt: number;
  readonly updatedAt: number;
  /** False when it was saved and then undeployed. */
  readonly isDeployed: boolean;
  /** Why the newest version could not be deployed. */
  readonly deployFault?: string;
}

export interface SaveRequest<Content extends object> {
  readonly project: string;
  readonly name: string;
  readonly content: Content;
  /** What is undefined is left out. */
  readonly facts: { readonly [Fact in keyof Facts]: Facts[Fact] | undefined };
  readonly username: string;
}

/** What lists of documents are asked by (contract 2.5). */
export function listedDocuments(kind: string, more: readonly string[] = []): ListedKind {
  return {
    kind,
    fields: ['name', 'title', 'description', 'createdBy', ...more],
    sortFields: ['createdAt', 'updatedAt'],
    timeFields: ['createdAt', 'updatedAt'],
    defaultSort: 'updatedAt',
  };
}

const scalars = ['projectId', 'name', 'title', 'description', 'type', 'image', 'connectionType', 'allowWrite'];
const moreScalars = ['contentType', 'version', 'createdBy', 'createdAt', 'updatedAt'];

export class Documents<Content extends object> {
  readonly #world: World;
  readonly #current: Collection<Saved<Content>>;
  readonly #superseded: Collection<Saved<Content>>;

  private constructor(world: World, current: Collection<Saved<Content>>, superseded: Collection<Saved<Content>>) {
    this.#world = world;
    this.#current = current;
    this.#superseded = superseded;
  }

  /** `name`: of the collection, such as `skills`. */
  static async open<Content extends object>(world: World, store: Store, name: string): Promise<Documents<Content>> {
    const fields = { scalars: [...scalars, ...moreScalars], indexes: [['projectId', 'updatedAt']] };
    return new Documents(
      world,
      await store.collection<Saved<Content>>({ name, ...fields }),
      await store.collection<Saved<Content>>({ name: `${name}_superseded`, ...fields }),
    );
  }

  get(project: string, name: string): Promise<Saved<Content> | undefined> {
    return this.#current.get(idOf(project, name));
  }

  /** Those of the project. FilterError when the filter is none. */
  async find(project: string, query: Query): Promise<Saved<Content>[]> {
    const filter = { $and: [{ projectId: project }, query.filter ?? {}] };
    return (await this.#current.find({ ...query, filter })).map(({ document }) => document);
  }

  /** Those of all projects. */
  async all(): Promise<Saved<Content>[]> {
    return (await this.#current.find({})).map(({ document }) => document);
  }

  /** All versions that there were, newest first; empty when there is none of that name. */
  async versions(project: string, name: string): Promise<Saved<Content>[]> {
    const current = await this.get(project, name);
    if (!current) return [];
    const filter = { projectId: project, name };
    const older = (await this.#superseded.find({ filter, sort: { version: -1 } })).map(({ document }) => document);
    return [current, ...older.filter(({ version }) => version < current.version)];
  }

  async save(request: SaveRequest<Content>): Promise<Saved<Content>> {
    const { project, name, username } = request;
    for (;;) {
      const before = await this.get(project, name);
      if (before && isUnchanged(before, request)) return before;
      // First what is superseded: a kill in between loses no version.
      if (before) await this.#superseded.write([{ put: { id: versionId(before), document: before } }]);
      const now = this.#world.clock.now();
      let isMine = false;
      const saved = await this.#current.update(idOf(project, name), (current) => {
        isMine = current?.version === before?.version;
        if (!isMine) return undefined;
        return {
          ...asStored(request.facts),
          projectId: project,
          name,
          version: (before?.version ?? 0) + 1,
          content: request.content,
          createdBy: before?.createdBy ?? username,
          updatedBy: username,
          createdAt: before?.createdAt ?? now,
          updatedAt: now,
          isDeployed: before?.isDeployed ?? false,
        };
      });
      if (isMine && saved) return saved;
    }
  }

  /** Notes how a deployment went; undefined when there is none of that name. */
  noteDeployed(
    project: string,
    name: string,
    isDeployed: boolean,
    fault?: string,
  ): Promise<Saved<Content> | undefined> {
    return this.#current.update(idOf(project, name), (current) => {
      if (!current) return undefined;
      const { deployFault: _, ...rest } = current;
      return { ...rest, isDeployed, ...(fault === undefined ? {} : { deployFault: fault }) };
    });
  }

  /** With all its versions. */
  async delete(project: string, name: string): Promise<void> {
    const older = await this.#superseded.find({ filter: { projectId: project, name } });
    await this.#superseded.write(older.map(({ id }) => ({ delete: id })));
    await this.#current.write([{ delete: idOf(project, name) }]);
  }
}

/** Neither a project's name nor a document's holds a space. */
function idOf(project: string, name: string): string {
  return `${project} ${name}`;
}

function versionId({ projectId, name, version }: Saved<object>): string {
  return `${idOf(projectId, name)} ${version}`;
}

function isUnchanged<Content extends object>(saved: Saved<Content>, { content, facts }: SaveRequest<Content>): boolean {
  const { title, description } = saved;
  const isSame = (left: unknown, right: unknown) => isDeepStrictEqual(asStored(left), asStored(right));
  const given = { title: facts.title, description: facts.description };
  return isSame(saved.content, content) && isSame({ title, description }, given);
}

/** A store keeps JSON: members that hold nothing are gone. */
function asStored<T>(value: T): { [Member in keyof T]: Exclude<T[Member], undefined> } {
  return JSON.parse(JSON.stringify(value));
}
