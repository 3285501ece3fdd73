/**
 * Where a pod goes: the nodes that pass every filter, of these the least loaded; or why none does, in the words of the
 * real scheduler. Filters, their order and messages are those of the default plugins of Kubernetes 1.36 as far as they
 * concern cordons, taints, node labels and resources.
 */
import type { Node, Pod } from '../../../kubernetes/objects.ts';
import { acceptsCordon, acceptsNode, toleratesTaints } from './affinity.ts';
import { type Amounts, allocatableOf, requestsOf } from './requests.ts';
import type { NodeUsage } from './usage.ts';

export type Placement =
  | { readonly kind: 'node'; readonly name: string }
  | { readonly kind: 'none'; readonly message: string };

interface Refusal {
  readonly reasons: readonly string[];
  /** True if removing other pods could help; this scheduler never does, but says so as the real one. */
  readonly resolvable: boolean;
}

/** What a pod without requests counts as when loads are compared. */
const assumedRequests: Amounts = new Map([
  ['cpu', 100],
  ['memory', 200 * 1024 * 1024],
]);

export function place(pod: Pod, nodes: readonly Node[], usageOf: (node: string) => NodeUsage): Placement {
  if (nodes.length === 0) return { kind: 'none', message: 'no nodes available to schedule pods' };
  const requested = requestsOf(pod);
  const refusals: Refusal[] = [];
  let best: { readonly name: string; readonly score: number } | undefined;
  for (const node of nodes) {
    const name = node.metadata?.name ?? '';
    const refusal = refusalOf(pod, requested, node, usageOf(name));
    if (refusal !== undefined) {
      refusals.push(refusal);
      continue;
    }
    const score = freeShare(requested, node, usageOf(name));
    if (best === undefined || score > best.score || (score === best.score && name < best.name)) best = { name, score };
  }
  return best ? { kind: 'node', name: best.name } : { kind: 'none', message: refusalMessage(refusals) };
}

/** The first filter that refuses the node decides; undefined if none does. */
function refusalOf(pod: Pod, requested: Amounts, node: Node, usage: NodeUsage): Refusal | undefined {
  if (!acceptsCordon(pod, node)) return unresolvable('node(s) were unschedulable');
  if (!toleratesTaints(pod, node)) return unresolvable('node(s) had untolerated taint(s)');
  if (!acceptsNode(pod, node)) return unresolvable("node(s) didn't match Pod's node affinity/selector");
  return missingRoom(requested, allocatableOf(node), usage);
}

function missingRoom(requested: Amounts, allocatable: Amounts, usage: NodeUsage): Refusal | undefined {
  const reasons: string[] = [];
  let resolvable = true;
  if (usage.pods + 1 > (allocatable.get('pods') ?? 0)) reasons.push('Too many pods');
  for (const [name, amount] of requested) {
    const total = allocatable.get(name) ?? 0;
    if (amount === 0 || amount <= total - (usage.requested.get(name) ?? 0)) continue;
    reasons.push(`Insufficient ${name}`);
    if (amount > total) resolvable = false;
  }
  return reasons.length === 0 ? undefined : { reasons, resolvable };
}

/** Mean share of cpu and memory that stays free with the pod on the node, 0 to 1. */
function freeShare(requested: Amounts, node: Node, usage: NodeUsage): number {
  const allocatable = allocatableOf(node);
  const shares = [...assumedRequests].flatMap(([name, assumed]) => {
    const total = allocatable.get(name) ?? 0;
    if (total === 0) return [];
    const taken = Math.max(usage.requested.get(name) ?? 0, usage.pods * assumed) + (requested.get(name) || assumed);
    return [Math.max(0, total - taken) / total];
  });
  return shares.length === 0 ? 0 : shares.reduce((a, b) => a + b) / shares.length;
}

function refusalMessage(refusals: readonly Refusal[]): string {
  const available = `0/${refusals.length} nodes are available:`;
  const reasons = histogram(refusals.flatMap((refusal) => refusal.reasons));
  const afterPreemption = histogram(
    refusals.map(({ resolvable }) =>
      resolvable ? 'No preemption victims found for incoming pod' : 'Preemption is not helpful for scheduling',
    ),
  );
  return `${available} ${reasons}. no new claims to deallocate, preemption: ${available} ${afterPreemption}.`;
}

/** `1 Insufficient cpu, 2 node(s) were unschedulable`, sorted as text. */
function histogram(reasons: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const reason of reasons) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  return [...counts]
    .map(([reason, count]) => `${count} ${reason}`)
    .sort()
    .join(', ');
}

function unresolvable(reason: string): Refusal {
  return { reasons: [reason], resolvable: false };
}
