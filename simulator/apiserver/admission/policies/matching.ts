/**
 * Whether a policy or a binding speaks of a request. Pure. Source: Kubernetes' admission `matching.go` and `rules.go`.
 */

import type { ApiObject } from '../../json.ts';
import { type MatchResources, policyGroup } from '../../policies/kinds.ts';
import { type LabelSelector, type Labels, selectorMatches } from '../../selectors/label-requirements.ts';
import type { Attributes } from './attributes.ts';
import { isNamespace } from './attributes.ts';

type Rule = NonNullable<MatchResources['resourceRules']>[number];

/** No policy holds for those that would have to hold for themselves, nor for questions. */
const exempt: ReadonlySet<string> = new Set([
  `${policyGroup}/validatingwebhookconfigurations`,
  `${policyGroup}/mutatingwebhookconfigurations`,
  `${policyGroup}/validatingadmissionpolicies`,
  `${policyGroup}/validatingadmissionpolicybindings`,
  `${policyGroup}/mutatingadmissionpolicies`,
  `${policyGroup}/mutatingadmissionpolicybindings`,
  'authentication.k8s.io/selfsubjectreviews',
  'authentication.k8s.io/tokenreviews',
  'authorization.k8s.io/localsubjectaccessreviews',
  'authorization.k8s.io/selfsubjectaccessreviews',
  'authorization.k8s.io/selfsubjectrulesreviews',
  'authorization.k8s.io/subjectaccessreviews',
]);

export function isExempt({ resource }: Attributes): boolean {
  return exempt.has(`${resource.group}/${resource.plural}`);
}

/**
 * `namespace`: the labels that the request's namespace has, or undefined outside namespaces. No rules at all match
 * everything.
 */
export function matches(
  constraints: MatchResources | undefined,
  attributes: Attributes,
  namespace: Labels | undefined,
): boolean {
  if (!constraints) return true;
  const { namespaceSelector, objectSelector, resourceRules = [], excludeResourceRules = [] } = constraints;
  return (
    inNamespace(namespaceSelector, attributes, namespace) &&
    hasLabels(objectSelector, attributes) &&
    !excludeResourceRules.some((rule) => ruleMatches(rule, attributes)) &&
    (resourceRules.length === 0 || resourceRules.some((rule) => ruleMatches(rule, attributes)))
  );
}

function inNamespace(
  selector: LabelSelector | undefined,
  attributes: Attributes,
  namespace: Labels | undefined,
): boolean {
  if (isEmpty(selector)) return true;
  const own = attributes.object ?? attributes.oldObject;
  const labels = isNamespace(attributes.resource) ? own && labelsOf(own) : namespace;
  return labels === undefined || selectorMatches(selector, labels);
}

function hasLabels(selector: LabelSelector | undefined, { object, oldObject }: Attributes): boolean {
  if (isEmpty(selector)) return true;
  return [object, oldObject].some((each) => each && selectorMatches(selector, labelsOf(each)));
}

function isEmpty(selector: LabelSelector | undefined): boolean {
  const { matchLabels = {}, matchExpressions = [] } = selector ?? {};
  return Object.keys(matchLabels).length === 0 && matchExpressions.length === 0;
}

function labelsOf(object: ApiObject): Labels {
  return object.metadata.labels ?? {};
}

/** Source: Kubernetes' `rules.Matcher`. */
export function ruleMatches(rule: Rule, attributes: Attributes): boolean {
  const { resource, operation, name } = attributes;
  const { operations = [], apiGroups = [], apiVersions = [], resourceNames = [] } = rule;
  return (
    inScope(rule, attributes) &&
    oneOf(operations, operation) &&
    oneOf(apiGroups, resource.group) &&
    oneOf(apiVersions, resource.version) &&
    (rule.resources ?? []).some((pattern) => resourceMatches(pattern, attributes)) &&
    (resourceNames.length === 0 || resourceNames.includes(name))
  );
}

function inScope({ scope = '*' }: Rule, { resource }: Attributes): boolean {
  return scope === '*' || (scope === 'Namespaced') === resource.namespaced;
}

function oneOf(allowed: readonly string[], value: string): boolean {
  return allowed.includes('*') || allowed.includes(value);
}

/** `pods`, `pods/status`, `any resource's scale`, `*`: without a slash the object itself alone is meant. */
function resourceMatches(pattern: string, { resource, subresource }: Attributes): boolean {
  const [plural = '', part = ''] = pattern.split('/', 2);
  return (plural === '*' || plural === resource.plural) && (part === '*' || part === subresource);
}
