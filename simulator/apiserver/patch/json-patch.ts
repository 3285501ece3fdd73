/**
 * JSON patch (RFC 6902) as the API server's library (evanphx/json-patch v4) applies it: a `replace` of a missing member
 * adds it, array indexes may be negative, `test` takes a missing member for null, `copy` of one writes null.
 */
import type { Json, JsonObject } from '../schema/json.ts';
import { clone, equal, isObject, member, setMember } from '../schema/json.ts';
import { decoderTypeName, inapplicablePatch, malformedPatch, PatchError } from './patch-error.ts';

const maximumOperations = 10_000;
/**
 * Of all that `copy` operations copy, as JSON; a real server's AccumulatedCopySizeLimit is its limit of a request's
 * body.
 */
const maximumCopiedBytes = 3 * 1024 * 1024;

/** A container and the name or index within it. */
interface Target {
  readonly container: JsonObject | Json[];
  readonly key: string;
}

interface Operation {
  readonly op: string;
  readonly path: string;
  readonly from?: string;
  readonly value: Json;
}

const missing = (text: string): PatchError => inapplicablePatch(`${text}: missing value`);

function checkedOperations(operations: unknown): JsonObject[] {
  if (operations === null) return [];
  if (!Array.isArray(operations)) {
    const given = decoderTypeName(operations);
    throw malformedPatch(
      `error decoding patch: json: cannot unmarshal ${given} into Go value of type []handlers.jsonPatchOp`,
    );
  }
  if (operations.length > maximumOperations) {
    throw new PatchError(
      413,
      'RequestEntityTooLarge',
      `The allowed maximum operations in a JSON patch is ${maximumOperations}, got ${operations.length}`,
    );
  }
  return operations.map((operation: unknown) => {
    if (operation === null) return {};
    if (isObject(operation)) return operation;
    const given = decoderTypeName(operation);
    throw malformedPatch(
      `error decoding patch: json: cannot unmarshal ${given} into Go value of type handlers.jsonPatchOp`,
    );
  });
}

function read(operation: JsonObject): Operation {
  const { op, path, from } = operation;
  if (typeof path !== 'string') throw missing('operation missing path field');
  return {
    op: typeof op === 'string' ? op : 'unknown',
    path,
    ...(typeof from === 'string' ? { from } : {}),
    value: member(operation, 'value') ?? null,
  };
}

function decodeToken(token: string): string {
  return token.replaceAll('~1', '/').replaceAll('~0', '~');
}

/** Go's strconv.Atoi on an index of `list`; negative ones count from the end (one place further when adding). */
function indexIn(list: readonly Json[], key: string, slots: number): number {
  if (!/^[+-]?\d+$/.test(key)) throw inapplicablePatch(`strconv.Atoi: parsing "${key}": invalid syntax`);
  const index = Number(key);
  if (index >= slots || index < -slots) {
    throw inapplicablePatch(`Unable to access invalid index: ${index} of ${list.length}: invalid index referenced`);
  }
  return index < 0 ? index + slots : index;
}

function get(container: JsonObject | Json[], key: string): Json | undefined {
  return Array.isArray(container) ? container[indexIn(container, key, container.length)] : member(container, key);
}

/** The container that the path's last token is in; undefined when something on the way is missing or no container. */
function find(document: Json, path: string): Target | undefined {
  const tokens = path.split('/');
  if (tokens.length < 2) return undefined;
  let container = document;
  for (const token of tokens.slice(1, -1)) {
    if (!isObject(container) && !Array.isArray(container)) return undefined;
    try {
      container = get(container, decodeToken(token)) ?? null;
    } catch {
      return undefined;
    }
  }
  if (!isObject(container) && !Array.isArray(container)) return undefined;
  return { container, key: decodeToken(tokens.at(-1) ?? '') };
}

function found(document: Json, path: string, op: string): Target {
  const target = find(document, path);
  if (target === undefined) throw missing(`${op} operation does not apply: doc is missing path: "${path}"`);
  return target;
}

function add({ container, key }: Target, value: Json): void {
  if (!Array.isArray(container)) setMember(container, key, value);
  else if (key === '-') container.push(value);
  else container.splice(indexIn(container, key, container.length + 1), 0, value);
}

function remove({ container, key }: Target): void {
  if (Array.isArray(container)) container.splice(indexIn(container, key, container.length), 1);
  else if (!Object.hasOwn(container, key)) throw missing(`Unable to remove nonexistent key: ${key}`);
  else delete container[key];
}

function replace({ container, key }: Target, value: Json): void {
  if (Array.isArray(container)) container[indexIn(container, key, container.length)] = value;
  else setMember(container, key, value);
}

/** Says of what is refused where that was. */
function located(op: string, path: string, work: () => void): void {
  try {
    work();
  } catch (error) {
    if (!(error instanceof PatchError) || typeof error.cause !== 'string') throw error;
    throw inapplicablePatch(`error in ${op} for path: '${path}': ${error.cause}`);
  }
}

function source(operation: Operation): string {
  if (operation.from === undefined) throw missing('operation, missing from field');
  return operation.from;
}

/** Counts what is copied: a patch of some lines could double a document until memory ends. */
class Copies {
  #bytes = 0;

  of(value: Json): Json {
    this.#bytes += Buffer.byteLength(JSON.stringify(value));
    if (this.#bytes <= maximumCopiedBytes) return clone(value);
    throw inapplicablePatch(
      `Unable to complete the copy, the accumulated size increase of copy is ${this.#bytes}, exceeding the limit ${maximumCopiedBytes}`,
    );
  }
}

function applyOperation(document: Json, operation: Operation, copies: Copies): Json {
  const { op, path, value } = operation;
  if (op === 'add') {
    const target = found(document, path, op);
    located(op, path, () => add(target, clone(value)));
  } else if (op === 'remove') {
    const target = found(document, path, op);
    located(op, path, () => remove(target));
  } else if (op === 'replace') {
    if (path === '') {
      if (isObject(value) || Array.isArray(value)) return clone(value);
      throw inapplicablePatch('replace operation value must be object or array');
    }
    replace(found(document, path, op), clone(value));
  } else if (op === 'move') {
    const origin = found(document, source(operation), op);
    const moved = get(origin.container, origin.key) ?? null;
    remove(origin);
    add(found(document, path, op), moved);
  } else if (op === 'copy') {
    const origin = found(document, source(operation), op);
    const copied = copies.of(get(origin.container, origin.key) ?? null);
    add(found(document, path, op), copied);
  } else if (op === 'test') {
    const target = path === '' ? undefined : found(document, path, op);
    const present = target === undefined ? document : (get(target.container, target.key) ?? null);
    if (!equal(present, value)) throw inapplicablePatch(`testing value ${path} failed: test failed`);
  } else throw inapplicablePatch(`Unexpected kind: ${op}`);
  return document;
}

/**
 * The document after all operations; the given one is not touched.
 * @throws PatchError 400 when `operations` is no list of objects, 413 for too many, 422 when one does not apply or
 * copies grow too large.
 */
export function applyJsonPatch(document: Json, operations: unknown): Json {
  const copies = new Copies();
  return checkedOperations(operations)
    .map(read)
    .reduce((patched, operation) => applyOperation(patched, operation, copies), clone(document));
}
