/**
 * Which nodes a pod accepts (nodeSelector, required node affinity) and which accept the pod (taints and tolerations).
 */

import type { Node, Pod } from '../../../kubernetes/objects.ts';
import { ownMember } from '../../../world/members.ts';

type PodSpec = NonNullable<Pod['spec']>;
type RequiredAffinity = NonNullable<
  NonNullable<NonNullable<PodSpec['affinity']>['nodeAffinity']>['requiredDuringSchedulingIgnoredDuringExecution']
>;
type Term = RequiredAffinity['nodeSelectorTerms'][number];
type Requirement = NonNullable<Term['matchExpressions']>[number];
type Taint = NonNullable<NonNullable<Node['spec']>['taints']>[number];
type Toleration = NonNullable<PodSpec['tolerations']>[number];

const unschedulableTaint: Taint = { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' };

/** True if the node has the labels that the pod asks for. */
export function acceptsNode(pod: Pod, node: Node): boolean {
  const labels = node.metadata?.labels ?? {};
  const selected = Object.entries(pod.spec?.nodeSelector ?? {}).every(
    ([key, value]) => ownMember(labels, key) === value,
  );
  const required = pod.spec?.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  return selected && (required === undefined || required.nodeSelectorTerms.some((term) => meetsTerm(term, node)));
}

/** True if the pod tolerates each taint that keeps pods from being placed. */
export function toleratesTaints(pod: Pod, node: Node): boolean {
  return (node.spec?.taints ?? [])
    .filter((taint) => taint.effect === 'NoSchedule' || taint.effect === 'NoExecute')
    .every((taint) => tolerates(pod, taint));
}

/** True unless the node is cordoned and the pod does not mind. */
export function acceptsCordon(pod: Pod, node: Node): boolean {
  return node.spec?.unschedulable !== true || tolerates(pod, unschedulableTaint);
}

function tolerates(pod: Pod, taint: Taint): boolean {
  return (pod.spec?.tolerations ?? []).some((toleration) => matchesTaint(toleration, taint));
}

function matchesTaint(toleration: Toleration, taint: Taint): boolean {
  const { key = '', operator = 'Equal', value = '', effect = '' } = toleration;
  if (effect !== '' && effect !== taint.effect) return false;
  if (key !== '' && key !== taint.key) return false;
  // Without a key, Exists tolerates everything; Equal cannot stand without one.
  return operator === 'Exists' || (operator === 'Equal' && key !== '' && value === (taint.value ?? ''));
}

/** A term without requirements matches no node. */
function meetsTerm(term: Term, node: Node): boolean {
  const expressions = term.matchExpressions ?? [];
  const fields = term.matchFields ?? [];
  if (expressions.length + fields.length === 0) return false;
  const labels = node.metadata?.labels ?? {};
  return (
    expressions.every((requirement) => meets(requirement, ownMember(labels, requirement.key))) &&
    fields.every((requirement) => requirement.key === 'metadata.name' && meets(requirement, node.metadata?.name))
  );
}

function meets({ operator, values = [] }: Requirement, value: string | undefined): boolean {
  switch (operator) {
    case 'In':
      return value !== undefined && values.includes(value);
    case 'NotIn':
      return value === undefined || !values.includes(value);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
    case 'Gt':
      return compares(value, values[0], (a, b) => a > b);
    case 'Lt':
      return compares(value, values[0], (a, b) => a < b);
    default:
      return false;
  }
}

function compares(
  value: string | undefined,
  limit: string | undefined,
  holds: (a: number, b: number) => boolean,
): boolean {
  const whole = /^[+-]?\d+$/;
  if (value === undefined || limit === undefined || !whole.test(value) || !whole.test(limit)) return false;
  return holds(Number(value), Number(limit));
}
