/**
 * Stores of the machine under a simulated Fabric: each operation is counted as work of the present instant, so that no
 * virtual time passes while a database answers. What streams from the simulation into a store is not counted: its bytes
 * need time to come.
 */
import type { Blobs, OpenBlob } from '../../fabric/content/blobs/blobs.ts';
import type { Collection, CollectionDefinition, Document, Store } from '../../fabric/gateway/stores/store.ts';

/** Counts the work until it settles; resolves with what it resolves with. */
export type Count = <T>(work: Promise<T>) => Promise<T>;

export function countedStore(store: Store, count: Count): Store {
  return {
    isShared: store.isShared,
    collection: async <T extends Document>(definition: CollectionDefinition) =>
      countedCollection(await count(store.collection<T>(definition)), count),
    close: () => store.close(),
  };
}

function countedCollection<T extends Document>(collection: Collection<T>, count: Count): Collection<T> {
  return {
    get: (id) => count(collection.get(id)),
    find: (query) => count(collection.find(query)),
    update: (id, change) => count(collection.update(id, change)),
    write: (changes) => count(collection.write(changes)),
  };
}

export function countedBlobs(blobs: Blobs, count: Count): Blobs {
  return {
    put: (key, source, options) => blobs.put(key, source, options),
    get: async (key, choose) => {
      const opened = await count(blobs.get(key, choose));
      return opened && { ...opened, stream: countedStream(opened.stream, count) };
    },
    head: (key) => count(blobs.head(key)),
    list: (prefix, options) => count(blobs.list(prefix, options)),
    delete: (key) => count(blobs.delete(key)),
    append: (key, offset, bytes, options) => count(blobs.append(key, offset, bytes, options)),
    seal: (key) => count(blobs.seal(key)),
    flush: (key) => count(blobs.flush(key)),
    removeExpired: () => count(blobs.removeExpired()),
    close: () => blobs.close(),
  };
}

async function* countedStream(stream: OpenBlob['stream'], count: Count): AsyncGenerator<Buffer> {
  const chunks = stream[Symbol.asyncIterator]();
  try {
    for (let next = await count(chunks.next()); !next.done; next = await count(chunks.next())) yield next.value;
  } finally {
    await chunks.return?.();
  }
}
