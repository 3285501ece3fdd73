/** Defaults of admission policies and their bindings. */
import type { Binding, MatchResources, Policy } from '../policies/kinds.ts';

export function defaultPolicy(policy: Policy): Policy {
  const { spec = {} } = policy;
  const constraints = spec.matchConstraints ? { matchConstraints: defaultMatch(spec.matchConstraints) } : {};
  return { ...policy, spec: { ...spec, ...constraints, failurePolicy: spec.failurePolicy ?? 'Fail' } } as Policy;
}

export function defaultPolicyBinding(binding: Binding): Binding {
  const { spec } = binding;
  if (!spec?.matchResources) return binding;
  return { ...binding, spec: { ...spec, matchResources: defaultMatch(spec.matchResources) } } as Binding;
}

function defaultMatch(match: MatchResources): MatchResources {
  const { resourceRules, excludeResourceRules } = match;
  return {
    ...match,
    matchPolicy: match.matchPolicy ?? 'Equivalent',
    namespaceSelector: match.namespaceSelector ?? {},
    objectSelector: match.objectSelector ?? {},
    ...(resourceRules ? { resourceRules: resourceRules.map(inAnyScope) } : {}),
    ...(excludeResourceRules ? { excludeResourceRules: excludeResourceRules.map(inAnyScope) } : {}),
  };
}

function inAnyScope<T extends { scope?: string }>(rule: T): T {
  return { ...rule, scope: rule.scope ?? '*' };
}
