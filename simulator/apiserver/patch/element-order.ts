/**
 * The order of list elements after a strategic merge: what the patch names in the patch's order, what only the server
 * has in the server's order, woven together so that nothing the server knows the order of is turned round (upstream:
 * normalizeElementOrder).
 */
import type { Json } from '../schema/json.ts';
import { equal, isObject, member } from '../schema/json.ts';

/** What tells an element apart: its merge key's value, or itself among primitives. */
export function identity(element: Json, mergeKey: string | undefined): Json | undefined {
  return mergeKey !== undefined && isObject(element) ? member(element, mergeKey) : element;
}

export function positionOf(list: readonly Json[], element: Json, mergeKey: string | undefined): number {
  const wanted = identity(element, mergeKey);
  return list.findIndex((candidate) => {
    const present = identity(candidate, mergeKey);
    return present !== undefined && equal(present, wanted);
  });
}

function sortedBy(list: readonly Json[], order: readonly Json[], mergeKey: string | undefined): Json[] {
  const positions = list.map((element) => ({ element, position: positionOf(order, element, mergeKey) }));
  return positions.sort((one, other) => one.position - other.position).map(({ element }) => element);
}

/** The elements in their final order; `patchOrder` is what the patch names, `serverOrder` the list before the patch. */
export function inElementOrder(
  elements: readonly Json[],
  patchOrder: readonly Json[],
  serverOrder: readonly Json[],
  mergeKey: string | undefined,
): Json[] {
  const isNamed = (element: Json): boolean => positionOf(patchOrder, element, mergeKey) >= 0;
  const named = sortedBy(elements.filter(isNamed), patchOrder, mergeKey);
  const serverOnly = sortedBy(
    elements.filter((element) => !isNamed(element)),
    serverOrder,
    mergeKey,
  );
  const ordered: Json[] = [];
  while (serverOnly.length > 0 && named.length > 0) {
    const left = positionOf(serverOrder, serverOnly[0] ?? null, mergeKey);
    const right = positionOf(serverOrder, named[0] ?? null, mergeKey);
    const serverFirst = left >= 0 && right >= 0 && left < right;
    const [next] = (serverFirst ? serverOnly : named).splice(0, 1);
    ordered.push(next ?? null);
  }
  return [...ordered, ...serverOnly, ...named];
}
