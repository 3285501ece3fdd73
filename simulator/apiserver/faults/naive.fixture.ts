/**
 * Controllers as client authors write them before a fault has taught them. Each has one sin; without faults each is
 * right.
 */
import { ApiStatusError, hasReason, type KubernetesClient } from '../../../kubernetes/client.ts';
import { Informer } from '../../../kubernetes/informer.ts';
import type { ConfigMap, WatchEvent } from '../../../kubernetes/objects.ts';
import { configMaps } from '../../../kubernetes/resources.ts';
import type { World } from '../../../world/world.ts';
import { type Controller, orderSelector, receiptOf, receiptSelector, shop } from './shop.fixture.ts';

const orders = { namespace: shop, labelSelector: orderSelector };
const receipts = { namespace: shop, labelSelector: receiptSelector };

type OrderEvent = WatchEvent<ConfigMap>;

/** Writes the receipt of that name, whatever is there; deterministic names and a few tries. */
async function settle(world: World, client: KubernetesClient, event: OrderEvent): Promise<void> {
  const name = `receipt-${event.object.metadata?.name}`;
  for (let tries = 0; tries < 8; tries++) {
    try {
      if (event.type === 'DELETED') await client.delete(configMaps, shop, name);
      else await upsert(client, receiptOf(event.object, name));
      return;
    } catch (error) {
      if (hasReason(error, 'NotFound')) return;
      await world.clock.sleep(200 * 2 ** tries);
    }
  }
}

async function upsert(client: KubernetesClient, receipt: ConfigMap): Promise<void> {
  try {
    await client.create(configMaps, shop, receipt);
  } catch (error) {
    if (!hasReason(error, 'AlreadyExists')) throw error;
    await client.patch(configMaps, shop, receipt.metadata?.name ?? '', 'merge', { data: receipt.data });
  }
}

const added = (object: ConfigMap): OrderEvent => ({ type: 'ADDED', object });

/** Lists once and watches for ever: the stream's end is nothing that it knows of. */
export const listOnceWatchForever: Controller = async (world, client) => {
  const list = await client.list<ConfigMap>(configMaps, orders);
  for (const order of list.items) await settle(world, client, added(order));
  const { resourceVersion } = list.metadata;
  await client.watch<ConfigMap>(configMaps, { ...orders, resourceVersion }, (event) => {
    if (event.type !== 'BOOKMARK' && event.type !== 'ERROR') void settle(world, client, event);
  });
};

/** Begins every watch anew where it is, and so never hears of what was deleted in between. */
export const watchFromNow: Controller = async (world, client) => {
  for (;;) {
    try {
      const watch = await client.watch<ConfigMap>(configMaps, orders, (event) => {
        if (event.type !== 'BOOKMARK' && event.type !== 'ERROR') void settle(world, client, event);
      });
      await watch.ended;
    } catch {
      // Opened again below.
    }
    await world.clock.sleep(3000);
  }
};

/** Resumes from the newest version it saw, and does not know that a version can be too old. */
export const resumeWhateverComes: Controller = async (world, client) => {
  const list = await client.list<ConfigMap>(configMaps, orders);
  for (const order of list.items) await settle(world, client, added(order));
  let resourceVersion = list.metadata.resourceVersion;
  for (;;) {
    try {
      const watch = await client.watch<ConfigMap>(configMaps, { ...orders, resourceVersion }, (event) => {
        if (event.type === 'ERROR') return;
        resourceVersion = event.object.metadata?.resourceVersion ?? resourceVersion;
        if (event.type !== 'BOOKMARK') void settle(world, client, event);
      });
      await watch.ended;
    } catch {
      // Opened again below.
    }
    await world.clock.sleep(1000);
  }
};

/** Makes a receipt for each ADDED event under a name that the server makes up, and tries again when that fails. */
export const createOnEvent: Controller = async (world, client) => {
  const own = async (name: string) =>
    (await client.list<ConfigMap>(configMaps, { ...receipts, labelSelector: `order=${name}` })).items;
  const handle = async ({ type, object }: OrderEvent) => {
    const { name = '' } = object.metadata ?? {};
    if (type === 'ADDED') {
      await client.create(configMaps, shop, receiptOf(object, undefined));
      return;
    }
    for (const { metadata } of await own(name)) {
      const receipt = metadata?.name ?? '';
      if (type === 'DELETED') await client.delete(configMaps, shop, receipt);
      else await client.patch(configMaps, shop, receipt, 'merge', { data: object.data });
    }
  };
  const insist = async (event: OrderEvent) => {
    for (let tries = 0; tries < 8; tries++) {
      try {
        return await handle(event);
      } catch {
        await world.clock.sleep(200 * 2 ** tries);
      }
    }
  };
  let last = Promise.resolve();
  const enqueue = (event: OrderEvent) => {
    last = last.then(() => insist(event));
  };
  const list = await client.list<ConfigMap>(configMaps, orders);
  for (const order of list.items) enqueue(added(order));
  const { resourceVersion } = list.metadata;
  await client.watch<ConfigMap>(configMaps, { ...orders, resourceVersion }, (event) => {
    if (event.type === 'BOOKMARK' || event.type === 'ERROR') return;
    enqueue(event);
  });
};

/** Looks into its cache whether the receipt is there, also in the moment after it has made it. */
export const trustsTheCache: Controller = async (world, client) => {
  const orderCache = new Informer<ConfigMap>({ world, client, type: configMaps, ...orders });
  const receiptCache = new Informer<ConfigMap>({ world, client, type: configMaps, ...receipts });
  await orderCache.start();
  await receiptCache.start();
  for (;;) {
    for (const order of orderCache.list(shop)) {
      const own = receiptCache.list(shop).filter(({ metadata }) => metadata?.labels?.order === order.metadata?.name);
      const [first] = own;
      if (!first) await client.create(configMaps, shop, receiptOf(order, undefined));
      else if (first.data?.text !== order.data?.text) await rewrite(client, first, order);
    }
    await removeOrphans(client, orderCache.list(shop), receiptCache.list(shop));
    await world.clock.sleep(1000);
  }
};

/**
 * Looks once in ten seconds and takes what the server has at hand: `resourceVersion=0`, as it was told to be kind to
 * etcd.
 */
export const pollsTheServersCache: Controller = async (world, client) => {
  for (;;) {
    const there = (await client.list<ConfigMap>(configMaps, { ...orders, resourceVersion: '0' })).items;
    const own = (await client.list<ConfigMap>(configMaps, { ...receipts, resourceVersion: '0' })).items;
    for (const order of there) {
      const receipt = own.find(({ metadata }) => metadata?.labels?.order === order.metadata?.name);
      if (!receipt) await client.create(configMaps, shop, receiptOf(order, undefined));
      else if (receipt.data?.text !== order.data?.text) await rewrite(client, receipt, order);
    }
    await removeOrphans(client, there, own);
    await world.clock.sleep(10_000);
  }
};

async function rewrite(client: KubernetesClient, receipt: ConfigMap, order: ConfigMap): Promise<void> {
  await client
    .patch(configMaps, shop, receipt.metadata?.name ?? '', 'merge', { data: order.data })
    .catch(() => undefined);
}

async function removeOrphans(
  client: KubernetesClient,
  there: readonly ConfigMap[],
  own: readonly ConfigMap[],
): Promise<void> {
  const names = new Set(there.map(({ metadata }) => metadata?.name));
  for (const { metadata } of own) {
    if (names.has(metadata?.labels?.order)) continue;
    await client.delete(configMaps, shop, metadata?.name ?? '').catch(() => undefined);
  }
}

/** Reads, changes, writes back; whoever came between has won, and it goes on to the next event. */
export const noRetryOnConflict: Controller = async (world, client) => {
  const handle = async ({ type, object }: OrderEvent) => {
    const name = `receipt-${object.metadata?.name}`;
    if (type === 'ADDED') await client.create(configMaps, shop, receiptOf(object, name));
    if (type === 'DELETED') await client.delete(configMaps, shop, name);
    if (type !== 'MODIFIED') return;
    const receipt = await client.get<ConfigMap>(configMaps, shop, name);
    await client.replace(configMaps, { ...receipt, data: { ...object.data } });
  };
  await follow(client, (event) => {
    handle(event).catch((error: unknown) => world.log.error('failed', { error: String(error) }));
  });
};

/** Tries again three times, at once: the server's wish to be left alone for a while is not read. */
export const ignoresRetryAfter: Controller = async (world, client) => {
  const handle = async (event: OrderEvent) => {
    for (let tries = 0; tries < 3; tries++) {
      try {
        const name = `receipt-${event.object.metadata?.name}`;
        if (event.type === 'DELETED') await client.delete(configMaps, shop, name);
        else await upsert(client, receiptOf(event.object, name));
        return;
      } catch (error) {
        if (!(error instanceof ApiStatusError)) throw error;
        await world.clock.sleep(100);
      }
    }
  };
  await follow(client, (event) => void handle(event));
};

async function follow(client: KubernetesClient, handle: (event: OrderEvent) => void): Promise<void> {
  const list = await client.list<ConfigMap>(configMaps, orders);
  for (const order of list.items) handle(added(order));
  const { resourceVersion } = list.metadata;
  await client.watch<ConfigMap>(configMaps, { ...orders, resourceVersion }, (event) => {
    if (event.type !== 'BOOKMARK' && event.type !== 'ERROR') handle(event);
  });
}
