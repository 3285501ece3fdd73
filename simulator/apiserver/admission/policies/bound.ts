/** The policies that hold, each with its bindings. */
import type { Backend } from '../../backend.ts';
import { type Binding, type Policy, policyGroup } from '../../policies/kinds.ts';

/** A policy with one of its bindings. */
export interface Bound<P extends Policy, B extends Binding> {
  readonly policy: P;
  readonly binding: B;
}

/**
 * All policies of that sort that are bound, by name, each with its bindings by name. Costs nothing where there are
 * none.
 */
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
