/** The pool of addresses as the stored Services leave it. */
import type { World } from '../../../world/world.ts';
import type { Store } from '../storage/store.ts';
import { ServicePool } from './pool.ts';

export function servicePool({ store, world }: { readonly store: Store; readonly world: World }): ServicePool {
  const services = store.table('services').list();
  return new ServicePool(
    services.map(({ object }) => object),
    world.random.stream('apiserver-services'),
  );
}
