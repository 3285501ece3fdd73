/** A process that is killed before or after one of its calls. For tests. */
import { never } from '../../world/simulated/life.ts';
import type { SimulatedProcess } from '../../world/simulated/simulation.ts';
import type { Collection, Document, Store } from './stores/store.ts';

export type Moment = 'before' | 'after';
export type Call = <T>(work: () => Promise<T>) => Promise<T>;

/** Calls are counted from 1; without `deathAt` the process lives. */
export function dyingCalls(world: SimulatedProcess, deathAt: number | undefined, moment: Moment): Call {
  let count = 0;
  return async (work) => {
    if (world.killed) return never();
    count += 1;
    const isLast = count === deathAt;
    if (isLast && moment === 'before') world.kill();
    if (world.killed) return never();
    const result = await work();
    if (isLast) world.kill();
    return world.killed ? never() : result;
  };
}

/** The store, each request to it made by `call`. */
export function storeThrough(store: Store, call: Call): Store {
  return {
    isShared: store.isShared,
    async collection<T extends Document>(definition: Parameters<Store['collection']>[0]): Promise<Collection<T>> {
      const inner = await call(() => store.collection<T>(definition));
      return {
        get: (id) => call(() => inner.get(id)),
        find: (query) => call(() => inner.find(query)),
        update: (id, change) => call(() => inner.update(id, change)),
        write: (changes) => call(() => inner.write(changes)),
      };
    },
    close: () => store.close(),
  };
}
