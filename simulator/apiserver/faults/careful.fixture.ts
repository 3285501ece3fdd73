/**
 * A controller that survives: an informer that lists again now and then, a work queue that tries again, names that
 * follow from the order, and a live read before each write.
 */
import { hasReason, type KubernetesClient } from '../../../kubernetes/client.ts';
import { Informer } from '../../../kubernetes/informer.ts';
import type { ConfigMap } from '../../../kubernetes/objects.ts';
import { configMaps } from '../../../kubernetes/resources.ts';
import { WorkQueue } from '../../../kubernetes/work-queue.ts';
import { type Controller, orderSelector, receiptOf, receiptSelector, shop } from './shop.fixture.ts';

const relistEveryMs = 5 * 60_000;

export const careful: Controller = async (world, client) => {
  const cache = (labelSelector: string) =>
    new Informer<ConfigMap>({ world, client, type: configMaps, namespace: shop, labelSelector, relistEveryMs });
  const orders = cache(orderSelector);
  const receipts = cache(receiptSelector);
  const queue = new WorkQueue({
    clock: world.clock,
    workers: 2,
    maximumDelayMs: 30_000,
    handle: (name) => reconcile(client, orders.get(shop, name), name),
  });
  const order = (object: ConfigMap) => queue.add(object.metadata?.name ?? '');
  const receipt = (object: ConfigMap) => queue.add(object.metadata?.labels?.order ?? '');
  orders.on({ added: order, updated: (_before, after) => order(after), deleted: order });
  receipts.on({ added: receipt, updated: (_before, after) => receipt(after), deleted: receipt });
  await orders.start();
  await receipts.start();
  queue.start();
};

async function reconcile(client: KubernetesClient, order: ConfigMap | undefined, name: string): Promise<void> {
  const receiptName = `receipt-${name}`;
  if (!order) {
    await client.delete(configMaps, shop, receiptName).catch(unless('NotFound'));
    return;
  }
  const wanted = receiptOf(order, receiptName);
  const found = await client.get<ConfigMap>(configMaps, shop, receiptName).catch(unless('NotFound'));
  if (!found) await client.create(configMaps, shop, wanted);
  else if (found.data?.text !== wanted.data?.text)
    await client.replace(configMaps, { ...found, data: { ...wanted.data } });
}

function unless(reason: string): (error: unknown) => undefined {
  return (error) => {
    if (!hasReason(error, reason)) throw error;
  };
}
