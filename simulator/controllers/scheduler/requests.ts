/**
 * What a pod asks for and what a node has: amounts by resource name, cpu in thousandths, everything else in whole
 * units.
 */
import type { Container, Node, Pod } from '../../../kubernetes/objects.ts';
import { parseQuantity, roundUpToMilli, wholeUnits } from '../../apiserver/validate/quantity.ts';

export type Amounts = ReadonlyMap<string, number>;

/**
 * What the pod needs at its worst moment: its containers and sidecars together, or an init container beside the
 * sidecars started before it; and the overhead of its runtime. Requests of the pod as a whole replace the sum.
 */
export function requestsOf(pod: Pod): Amounts {
  let sidecars: Amounts = new Map();
  let peak: Amounts = new Map();
  for (const container of pod.spec?.initContainers ?? []) {
    const own = containerRequests(container);
    peak = combine(peak, combine(sidecars, own, plus), Math.max);
    if (container.restartPolicy === 'Always') sidecars = combine(sidecars, own, plus);
  }
  const running = (pod.spec?.containers ?? []).map(containerRequests).reduce((a, b) => combine(a, b, plus), sidecars);
  const needed = combine(running, peak, Math.max);
  const whole = new Map([...needed, ...amountsOf(pod.spec?.resources?.requests)]);
  return combine(whole, amountsOf(pod.spec?.overhead), plus);
}

/** What the node lets pods have; the resource `pods` is their number. */
export function allocatableOf(node: Node): Amounts {
  return amountsOf(node.status?.allocatable ?? node.status?.capacity);
}

/** Both amounts of each resource that stands in either, 0 where one has none. */
export function combine(a: Amounts, b: Amounts, operation: (a: number, b: number) => number): Amounts {
  const result = new Map<string, number>();
  for (const name of new Set([...a.keys(), ...b.keys()]))
    result.set(name, operation(a.get(name) ?? 0, b.get(name) ?? 0));
  return result;
}

function containerRequests(container: Container): Amounts {
  return amountsOf(container.resources?.requests);
}

function amountsOf(quantities: Readonly<Record<string, string>> = {}): Amounts {
  return new Map(Object.entries(quantities).map(([name, text]) => [name, amountOf(name, text)]));
}

function amountOf(name: string, text: string): number {
  const quantity = parseQuantity(text);
  if (quantity === undefined) return 0;
  return name === 'cpu' ? Number(roundUpToMilli(quantity).nanos / 1_000_000n) : Number(wholeUnits(quantity));
}

function plus(a: number, b: number): number {
  return a + b;
}
