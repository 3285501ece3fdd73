/**
 * What the server does about CustomResourceDefinitions by itself: accepts names, establishes, serves, and cleans up.
 * Each step comes a little later than its cause, as on a real server. Source: semantics 1.16; upstream
 * apiextensions-apiserver controllers.
 */
import { administrator } from '../auth/authentication.ts';
import { type Backend, timeText } from '../backend.ts';
import { type ApiObject, recordAt, sameJson, textAt } from '../json.ts';
import {
  type Condition,
  established,
  isEstablished,
  judgeNames,
  namesAccepted,
  notAccepted,
  terminating,
  withConditions,
} from '../kinds/definition-status.ts';
import { customResources } from '../kinds/groups/custom.ts';
import { definitionResource } from '../kinds/groups/other-groups.ts';
import { cleanupFinalizer, type Resource } from '../kinds/resource.ts';
import { deleteObject } from '../operations/delete.ts';
import { internalWrite } from '../operations/internal.ts';
import { managedFieldsAfter, setManagedFields } from '../operations/managed.ts';
import type { StoredEvent } from '../storage/entry.ts';

const establishMs = { minimum: 5, maximum: 30 };
const serveMs = { minimum: 20, maximum: 200 };
const cleanupRetryMs = 1000;

export class Definitions {
  readonly #backend: Backend;
  #stopped = false;

  constructor(backend: Backend) {
    this.#backend = backend;
  }

  /** Serves what is established already and follows the definitions from now on; the result ends it. */
  start(): () => void {
    const table = this.#table();
    for (const { object } of table.list()) {
      if (isEstablished(object)) this.#serve(object);
      this.#look(object);
    }
    const unsubscribe = table.subscribe((event) => this.#changed(event));
    return () => {
      this.#stopped = true;
      unsubscribe();
    };
  }

  #table() {
    return this.#backend.store.table(definitionResource.table);
  }

  #changed({ before, after }: StoredEvent): void {
    if (after) return this.#look(after.object);
    if (before) this.#backend.registry.setCustom(before.name, []);
    // The names that have become free may be another's.
    for (const { object } of this.#table().list()) if (!isEstablished(object)) this.#look(object);
  }

  /** Decides the next step for the definition; each is a write that leads here again. */
  #look(definition: ApiObject): void {
    const name = definition.metadata.name ?? '';
    if (definition.metadata.deletionTimestamp) this.#after(establishMs, () => this.#cleanUp(name));
    else if (!isEstablished(definition) || !acceptsNames(definition))
      this.#after(establishMs, () => this.#establish(name));
    else if (!this.#serves(definition)) this.#after(serveMs, () => this.#serveNow(name));
  }

  #after(bounds: { minimum: number; maximum: number }, step: () => void): void {
    const { world } = this.#backend;
    const delayMs = world.random.stream('apiserver-definitions').integer(bounds.minimum, bounds.maximum);
    world.clock.after(delayMs, () => {
      if (!this.#stopped) step();
    });
  }

  #establish(name: string): void {
    const definition = this.#table().get('', name)?.object;
    if (!definition || definition.metadata.deletionTimestamp) return;
    const others = this.#table()
      .list()
      .map(({ object }) => object)
      .filter((other) => other.metadata.name !== name && other.spec && groupOf(other) === groupOf(definition));
    const { accepted, conflict } = judgeNames(definition, others);
    const conditions = conflict ? [conflict, notAccepted] : [namesAccepted, established];
    this.#writeStatus(definition, { acceptedNames: accepted }, conditions);
  }

  #writeStatus(definition: ApiObject, members: object, conditions: readonly Condition[]): void {
    const status = withConditions(definition, members, conditions, timeText(this.#backend));
    if (sameJson(status, definition.status)) return;
    const next = { ...definition, metadata: { ...definition.metadata }, status };
    const request = internalWrite(definitionResource, '');
    setManagedFields(next, managedFieldsAfter(this.#backend, request, definition, next, 'status'));
    this.#table().write('', definition.metadata.name ?? '', next);
  }

  #serves(definition: ApiObject): boolean {
    const served = this.#backend.registry.customOf(definition.metadata.name ?? '');
    return served !== undefined && sameJson(served.spec, definition.spec);
  }

  #serveNow(name: string): void {
    const definition = this.#table().get('', name)?.object;
    if (definition && isEstablished(definition)) this.#serve(definition);
  }

  #serve(definition: ApiObject): void {
    this.#backend.registry.setCustom(definition.metadata.name ?? '', customResources(definition), definition);
  }

  /** Deletes the instances; the definition goes when none is left. */
  #cleanUp(name: string): void {
    const definition = this.#table().get('', name)?.object;
    if (!definition?.metadata.deletionTimestamp) return;
    if (!(definition.metadata.finalizers ?? []).includes(cleanupFinalizer)) return;
    const [resource] = customResources(definition);
    if (resource && this.#deleteInstances(resource) > 0) {
      this.#writeStatus(definition, {}, [terminating]);
      this.#after({ minimum: cleanupRetryMs, maximum: cleanupRetryMs }, () => this.#cleanUp(name));
      return;
    }
    this.#release(definition);
  }

  /** How many are left, held by their finalizers. */
  #deleteInstances(resource: Resource): number {
    const table = this.#backend.store.table(resource.table);
    for (const { namespace, name } of table.list()) {
      deleteObject(this.#backend, internalWrite(resource, namespace, administrator), name, {});
    }
    return table.count;
  }

  #release(definition: ApiObject): void {
    const name = definition.metadata.name ?? '';
    const finalizers = (definition.metadata.finalizers ?? []).filter((each) => each !== cleanupFinalizer);
    if (finalizers.length === 0) this.#table().remove('', name);
    else this.#table().write('', name, { ...definition, metadata: { ...definition.metadata, finalizers } });
  }
}

/** False when the names have not been judged since they changed. */
function acceptsNames(definition: ApiObject): boolean {
  return sameJson(recordAt(definition.status, 'acceptedNames'), recordAt(definition.spec, 'names'));
}

function groupOf(definition: ApiObject): string {
  return textAt(definition.spec, 'group');
}
