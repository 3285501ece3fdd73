/**
 * A small world for controllers that are tried against faults: a shop whose orders come, change and go, and in which
 * each order shall have one receipt that shows its newest text. Orders and receipts are ConfigMaps.
 */
import type { KubernetesClient } from '../../../kubernetes/client.ts';
import { createHttpClient, kubeConfigFor } from '../../../kubernetes/http-client.ts';
import type { ConfigMap } from '../../../kubernetes/objects.ts';
import { configMaps } from '../../../kubernetes/resources.ts';
import { Simulation } from '../../../world/simulated/simulation.ts';
import type { TraceEvent } from '../../../world/simulated/trace.ts';
import type { World } from '../../../world/world.ts';
import { ApiServer } from '../server.ts';
import type { ApiFault } from './fault.ts';

export const shop = 'default';
export const orderSelector = 'role=order';
export const receiptSelector = 'role=receipt';

/** How an author begins a controller: it runs until its process ends. */
export type Controller = (world: World, client: KubernetesClient) => Promise<void>;

export interface Play {
  readonly controller: Controller;
  readonly seed: number;
  readonly faults: readonly ApiFault[];
  /**
   * How often the controller's client sends again what was refused with a Retry-After; the client's own default when
   * absent.
   */
  readonly patience?: number;
}

export interface Played {
  /** What is wrong in the end; empty when every order has its receipt and nothing else is there. */
  readonly wrong: readonly string[];
  readonly traceHash: string;
  readonly trace: readonly TraceEvent[];
}

const orders = 10;
/** Time after the faults in which a careful controller comes to rest. */
const restMs = 15 * 60_000;

/** Plays the shop's day: faults hold from the controller's start until the last order has changed. */
export async function playShop({ controller, seed, faults, patience }: Play): Promise<Played> {
  const trace: TraceEvent[] = [];
  const simulation = new Simulation({ seed, startAt: Date.UTC(2026, 0, 1), sink: (event) => trace.push(event) });
  const server = new ApiServer({ world: simulation.process('kube-apiserver') });
  await server.listen('kubernetes:80');
  const clientOf = (world: World, options: { readonly patience?: number } = {}) =>
    createHttpClient({ world, config: kubeConfigFor({ server: 'http://kubernetes:80' }), ...options });
  const buyer = simulation.process('buyer');
  const own = simulation.process('controller');
  const client = clientOf(buyer);
  await simulation.run(changeOrders(client, buyer, 0, 3));
  void controller(own, clientOf(own, patience === undefined ? {} : { patience }));
  await simulation.advance(5_000);
  const active = faults.map((fault) => server.faults.inject(fault));
  await simulation.run(changeOrders(client, buyer, 3, orders));
  await simulation.advance(20_000);
  for (const each of active) each.heal();
  await simulation.advance(restMs);
  const wrong = await simulation.run(judge(client));
  simulation.shutDown();
  return { wrong, traceHash: simulation.trace.hash(), trace };
}

/** Orders come one by one; each second one changes soon, each third one goes. */
async function changeOrders(client: KubernetesClient, world: World, from: number, to: number): Promise<void> {
  const random = world.random.stream('orders');
  const pause = () => world.clock.sleep(random.integer(500, 4000));
  for (let number = from; number < to; number++) {
    const name = `order-${number}`;
    await persist(world, () => client.create(configMaps, shop, orderOf(name, 'first')));
    await pause();
    if (number % 2 === 0) {
      await persist(world, () => client.patch(configMaps, shop, name, 'merge', { data: { text: 'second' } }));
      await pause();
    }
    if (number % 3 === 1) {
      await persist(world, () => client.delete(configMaps, shop, name));
      await pause();
    }
  }
}

/** The buyer is patient: he is not who is tried here. */
async function persist(world: World, work: () => Promise<unknown>): Promise<void> {
  for (;;) {
    try {
      await work();
      return;
    } catch {
      await world.clock.sleep(500);
    }
  }
}

function orderOf(name: string, text: string): ConfigMap {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, labels: { role: 'order' } }, data: { text } };
}

/** The receipt of an order; without a name the server makes one up. */
export function receiptOf(order: ConfigMap, name: string | undefined): ConfigMap {
  const { name: orderName = '' } = order.metadata ?? {};
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: {
      ...(name === undefined ? { generateName: `receipt-${orderName}-` } : { name }),
      labels: { role: 'receipt', order: orderName },
    },
    data: { ...order.data },
  };
}

async function judge(client: KubernetesClient): Promise<string[]> {
  const list = async (labelSelector: string) =>
    (await client.list<ConfigMap>(configMaps, { namespace: shop, labelSelector })).items;
  const there = await list(orderSelector);
  const receipts = await list(receiptSelector);
  const of = (name: string) => receipts.filter(({ metadata }) => metadata?.labels?.order === name);
  const names = there.map(({ metadata }) => metadata?.name ?? '');
  return [
    ...there.flatMap(({ data }, index) => {
      const name = names[index] ?? '';
      const [receipt, ...more] = of(name);
      if (!receipt) return [`${name} has no receipt`];
      if (more.length > 0) return [`${name} has ${more.length + 1} receipts`];
      return receipt.data?.text === data?.text ? [] : [`${name} says ${data?.text}, its receipt ${receipt.data?.text}`];
    }),
    ...receipts
      .map(({ metadata }) => metadata?.labels?.order ?? '')
      .filter((name) => !names.includes(name))
      .map((name) => `${name} is gone, its receipt is not`),
  ];
}
