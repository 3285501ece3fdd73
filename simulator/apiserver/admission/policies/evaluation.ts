/**
 * What all policies do before they decide: find those that speak of the request, with their params, and check their
 * conditions.
 */
import { type Backend, forbidden } from '../../backend.ts';
import type { ApiError } from '../../errors.ts';
import type { ApiObject } from '../../json.ts';
import { recordAt } from '../../json.ts';
import {
  Allowance,
  CONDITIONS_COST_MAX,
  type Expression,
  ExpressionError,
  type Inputs,
} from '../../policies/expressions.ts';
import type { Binding, Policy } from '../../policies/kinds.ts';
import { untypedValue } from '../../schema/cel-values.ts';
import type { Json } from '../../schema/json.ts';
import { type Attributes, namespaceOf, requestOf, versioned } from './attributes.ts';
import { type Bound, boundPolicies } from './bound.ts';
import { isExempt, matches } from './matching.ts';
import { ConfigurationError, paramsOf } from './params.ts';

/** A policy to be asked, with one of its params. */
export interface Invocation<P extends Policy, B extends Binding> extends Bound<P, B> {
  readonly param: ApiObject | undefined;
}

export interface Invocations<P extends Policy, B extends Binding> {
  readonly invocations: readonly Invocation<P, B>[];
  /** Bindings that cannot be used and whose policies do not let that pass. */
  readonly errors: readonly (Bound<P, B> & { readonly message: string })[];
}

export function invocationsFor<P extends Policy, B extends Binding>(
  backend: Backend,
  sort: 'validating' | 'mutating',
  attributes: Attributes,
): Invocations<P, B> {
  const invocations: Invocation<P, B>[] = [];
  const errors: (Bound<P, B> & { message: string })[] = [];
  const all = boundPolicies<P, B>(backend, sort);
  if (all.length === 0 || isExempt(attributes)) return { invocations, errors };
  const labels = namespaceOf(backend, attributes)?.metadata.labels;
  const namespace = attributes.namespace === '' ? undefined : (labels ?? {});
  for (const bound of all) {
    if (!matches(bound.policy.spec?.matchConstraints, attributes, namespace)) continue;
    if (!matches(bound.binding.spec?.matchResources, attributes, namespace)) continue;
    try {
      const params = paramsOf(backend, bound.policy, bound.binding, attributes.namespace);
      for (const param of params) invocations.push({ ...bound, param });
    } catch (error) {
      if (!(error instanceof ConfigurationError)) throw error;
      if (failsClosed(bound.policy)) errors.push({ ...bound, message: error.message });
    }
  }
  return { invocations, errors };
}

/** What cannot be decided is refused, unless the policy says otherwise. */
export function failsClosed(policy: Policy): boolean {
  return policy.spec?.failurePolicy !== 'Ignore';
}

/** What the expressions see of the request. */
export function inputsFor(backend: Backend, attributes: Attributes, param: ApiObject | undefined): Inputs {
  const { resource, object, oldObject } = attributes;
  const namespace = namespaceOf(backend, attributes);
  const value = (each: ApiObject | undefined) =>
    each === undefined ? null : untypedValue(versioned(resource, each) as unknown as Json);
  const uid = backend.world.random.stream('apiserver-policies').uuid();
  const values = {
    object: value(object),
    oldObject: value(oldObject),
    request: untypedValue(requestOf(attributes, uid) as Json),
    params: param === undefined ? null : untypedValue(param as unknown as Json),
    namespaceObject: namespace === undefined ? null : untypedValue(withoutManagers(namespace) as Json),
  };
  return { values, allowance: new Allowance() };
}

function withoutManagers(namespace: ApiObject): object {
  const { managedFields: _managedFields, ownerReferences: _ownerReferences, ...metadata } = namespace.metadata;
  return { metadata, spec: recordAt(namespace, 'spec'), status: recordAt(namespace, 'status') };
}

/**
 * False if one of the conditions is false, whatever the others say. Throws the first ExpressionError otherwise: it is
 * for the failurePolicy to decide. Source: Kubernetes' `matchconditions`.
 */
export function conditionsHold(conditions: readonly Expression[], { values }: Inputs): boolean {
  const inputs = { values, allowance: new Allowance(CONDITIONS_COST_MAX) };
  const errors: ExpressionError[] = [];
  for (const condition of conditions) {
    try {
      if (condition.evaluate(inputs) === false) return false;
    } catch (error) {
      if (!(error instanceof ExpressionError)) throw error;
      errors.push(error);
    }
  }
  if (errors[0]) throw errors[0];
  return true;
}

/** What admission refuses, by its name or, before it has one, by what that is made from. */
export function refusal({ resource, name, object }: Attributes, why: string): ApiError {
  return forbidden(resource, name || object?.metadata.name || object?.metadata.generateName || 'Unknown', why);
}
