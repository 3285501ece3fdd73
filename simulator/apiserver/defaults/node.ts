/** Defaults of Nodes: what can be allocated is the capacity, unless told otherwise. */
import type { Node } from '../../../kubernetes/objects.ts';
import { canonicalAmounts } from './pod.ts';

export function defaultNode(node: Node): Node {
  const { capacity, allocatable = capacity } = node.status ?? {};
  return {
    ...node,
    status: {
      ...node.status,
      ...(capacity ? { capacity: canonicalAmounts(capacity) } : {}),
      ...(allocatable ? { allocatable: canonicalAmounts(allocatable) } : {}),
    },
  } as Node;
}
