/** The quality of service of a pod, from the requests and limits of its containers. */
import type { Container, Pod } from '../../../kubernetes/objects.ts';
import { addQuantities, compareQuantities, parseQuantity, type Quantity } from '../validate/quantity.ts';

type QosClass = 'Guaranteed' | 'Burstable' | 'BestEffort';

const zero: Quantity = { nanos: 0n, format: 'decimal' };
const counted = ['cpu', 'memory'];

/** BestEffort without any amount; Guaranteed when every container limits both and requests as much; else Burstable. */
export function qosClassOf(pod: Pod): QosClass {
  if (pod.spec?.resources) return classOf([{ name: '', resources: pod.spec.resources }]);
  const containers = [...(pod.spec?.containers ?? []), ...(pod.spec?.initContainers ?? [])];
  return classOf(containers);
}

function classOf(containers: readonly Container[]): QosClass {
  const requests = totals(containers, 'requests');
  const limits = totals(containers, 'limits');
  if (requests.size === 0 && limits.size === 0) return 'BestEffort';
  const everyLimited = containers.every((container) =>
    counted.every((name) => amountOf(container, 'limits', name).nanos > 0n),
  );
  const equal = [...requests].every(([name, request]) => compareQuantities(request, limits.get(name) ?? zero) === 0);
  return everyLimited && equal && requests.size === limits.size ? 'Guaranteed' : 'Burstable';
}

function amountOf(container: Container, member: 'requests' | 'limits', name: string): Quantity {
  const text = container.resources?.[member]?.[name];
  return (text === undefined ? undefined : parseQuantity(String(text))) ?? zero;
}

function totals(containers: readonly Container[], member: 'requests' | 'limits'): Map<string, Quantity> {
  const result = new Map<string, Quantity>();
  for (const container of containers) {
    for (const name of counted) {
      const amount = amountOf(container, member, name);
      if (amount.nanos > 0n) result.set(name, addQuantities(result.get(name) ?? zero, amount));
    }
  }
  return result;
}
