/** The objects that say what requests must keep, and what is changed in them: their shapes, and where they are stored. */
import type {
  V1MatchResources,
  V1MutatingAdmissionPolicy,
  V1MutatingAdmissionPolicyBinding,
  V1ValidatingAdmissionPolicy,
  V1ValidatingAdmissionPolicyBinding,
} from '@kubernetes/client-node';
import type { Wire } from '../../../kubernetes/objects.ts';
import type { Backend } from '../backend.ts';

export type ValidatingPolicy = Wire<V1ValidatingAdmissionPolicy>;
export type ValidatingBinding = Wire<V1ValidatingAdmissionPolicyBinding>;
export type MutatingPolicy = Wire<V1MutatingAdmissionPolicy>;
export type MutatingBinding = Wire<V1MutatingAdmissionPolicyBinding>;
export type MatchResources = Wire<V1MatchResources>;
export type Policy = ValidatingPolicy | MutatingPolicy;
export type Binding = ValidatingBinding | MutatingBinding;

export const policyGroup = 'admissionregistration.k8s.io';

/** A policy with one of its bindings. */
export interface Bound<P extends Policy, B extends Binding> {
  readonly policy: P;
  readonly binding: B;
}

/** All policies of that sort that are bound, by name, each with its bindings by name. Costs nothing where there are none. */
export function boundPolicies<P extends Policy, B extends Binding>(
  backend: Backend,
  sort: 'validating' | 'mutating',
): Bound<P, B>[] {
  const bindings = backend.store.table(`${sort}admissionpolicybindings.${policyGroup}`);
  if (bindings.count === 0) return [];
  const policies = backend.store.table(`${sort}admissionpolicies.${policyGroup}`);
  return policies.list().flatMap(({ object }) => {
    const policy = object as unknown as P;
    return bindings
      .list()
      .map((entry) => entry.object as unknown as B)
      .filter(({ spec }) => spec?.policyName === object.metadata.name)
      .map((binding) => ({ policy, binding }));
  });
}
