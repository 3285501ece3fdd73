/** Label selectors as objects hold them: `matchLabels` and `matchExpressions`. */
import type { V1LabelSelector, V1LabelSelectorRequirement } from '@kubernetes/client-node';
import type { Wire } from '../../../kubernetes/objects.ts';
import { ownMember } from '../../../world/members.ts';

export type Labels = Readonly<Record<string, string>>;

export type LabelSelector = Wire<V1LabelSelector>;

/** An absent selector matches nothing, an empty one everything. */
export function selectorMatches(selector: LabelSelector | undefined, labels: Labels): boolean {
  if (!selector) return false;
  const equal = Object.entries(selector.matchLabels ?? {}).every(([key, value]) => ownMember(labels, key) === value);
  return equal && (selector.matchExpressions ?? []).every((requirement) => requirementMatches(requirement, labels));
}

function requirementMatches(requirement: Wire<V1LabelSelectorRequirement>, labels: Labels): boolean {
  const value = ownMember(labels, requirement.key);
  const listed = value !== undefined && (requirement.values ?? []).includes(value);
  switch (requirement.operator) {
    case 'In':
      return listed;
    case 'NotIn':
      return !listed;
    case 'Exists':
      return value !== undefined;
    default:
      return value === undefined;
  }
}
