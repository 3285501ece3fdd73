/** One stored version of an object, with its JSON text made once and shared by all who send it. */
import { type ApiObject, freezeDeep } from '../json.ts';

const texts = new WeakMap<object, Buffer>();

/** The frozen object as JSON, made once. */
export function jsonOf(object: object): Buffer {
  let text = texts.get(object);
  if (text === undefined) {
    text = bytesOf(JSON.stringify(object));
    texts.set(object, text);
  }
  return text;
}

function bytesOf(json: string): Buffer {
  // Not out of Node.js's pool: one text that stays would keep all its neighbours' memory.
  const bytes = Buffer.allocUnsafeSlow(Buffer.byteLength(json));
  // ASCII, as most is, is written three times faster when that is known.
  bytes.write(json, bytes.length === json.length ? 'latin1' : 'utf8');
  return bytes;
}

export class Entry {
  readonly namespace: string;
  readonly name: string;
  readonly version: number;
  /** Frozen, with all in it. */
  readonly object: ApiObject;
  #views: WeakMap<object, Entry> | undefined;

  constructor(namespace: string, name: string, version: number, object: ApiObject) {
    this.namespace = namespace;
    this.name = name;
    this.version = version;
    this.object = freezeDeep(object);
  }

  /** The object as JSON. */
  get json(): Buffer {
    return jsonOf(this.object);
  }

  /** Lets go of the text: a version that is over is hardly sent again, and there are many in the history. */
  dropJson(): void {
    texts.delete(this.object);
  }

  /**
   * The object in another shape (another API version of it), made once for each `owner` of a shape; itself, if that is
   * its shape.
   */
  view(owner: object, convert: (object: ApiObject) => ApiObject): Entry {
    this.#views ??= new WeakMap();
    let view = this.#views.get(owner);
    if (!view) {
      const converted = convert(this.object);
      view = converted === this.object ? this : new Entry(this.namespace, this.name, this.version, converted);
      this.#views.set(owner, view);
    }
    return view;
  }
}

/** One write. Neither `before` (a create) nor `after` (a removal) is missing together. */
export interface StoredEvent {
  readonly version: number;
  /** When it was written, epoch ms. */
  readonly time: number;
  readonly before: Entry | undefined;
  readonly after: Entry | undefined;
}

const farewells = new WeakMap<StoredEvent, Entry>();

/** What a DELETED event shows: the state before, under the version of the change. */
export function farewell(event: StoredEvent): Entry | undefined {
  const { before, version } = event;
  if (!before) return undefined;
  let entry = farewells.get(event);
  if (!entry) {
    const object = { ...before.object, metadata: { ...before.object.metadata, resourceVersion: String(version) } };
    entry = new Entry(before.namespace, before.name, version, object);
    farewells.set(event, entry);
  }
  return entry;
}

/** Place in a list: by namespace, then name, bytewise, as keys of the real store are. */
export function keyOf(namespace: string, name: string): string {
  return namespace === '' ? name : `${namespace}/${name}`;
}
