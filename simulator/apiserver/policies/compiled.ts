/** Policies with their expressions compiled: each version of a policy once. */
import { type Expression, Expressions, type NamedExpression } from './expressions.ts';
import type { MutatingPolicy, Policy, ValidatingPolicy } from './kinds.ts';

export const condition = ['bool'];
export const message = ['string'];

/** Expressions of a policy that see its variables. */
export function expressionsOf({ spec }: Policy, hasPatchTypes = false): Expressions {
  const variables = (spec?.variables ?? []).map(
    ({ name = '', expression = '' }): NamedExpression => ({ name, expression }),
  );
  return new Expressions({ hasParams: spec?.paramKind !== undefined, variables, hasPatchTypes });
}

/** Conditions see params, and no variables. */
export function conditionsOf({ spec }: Policy): Expression[] {
  const expressions = new Expressions({ hasParams: spec?.paramKind !== undefined });
  return (spec?.matchConditions ?? []).map(({ expression = '' }) => expressions.compile(expression, condition));
}

export interface CompiledValidation {
  readonly expression: Expression;
  readonly messageExpression: Expression | undefined;
  readonly message: string;
  readonly reason: string;
}

export interface CompiledValidatingPolicy {
  readonly conditions: readonly Expression[];
  readonly validations: readonly CompiledValidation[];
}

const validating = new WeakMap<ValidatingPolicy, CompiledValidatingPolicy>();

export function compiledValidatingPolicy(policy: ValidatingPolicy): CompiledValidatingPolicy {
  const known = validating.get(policy);
  if (known) return known;
  const expressions = expressionsOf(policy);
  const compiled = {
    conditions: conditionsOf(policy),
    validations: (policy.spec?.validations ?? []).map((validation) => ({
      expression: expressions.compile(validation.expression, condition),
      messageExpression: validation.messageExpression
        ? expressions.compile(validation.messageExpression, message)
        : undefined,
      message: validation.message?.trim() ?? '',
      reason: validation.reason || 'Invalid',
    })),
  };
  validating.set(policy, compiled);
  return compiled;
}

export interface CompiledMutatingPolicy {
  readonly conditions: readonly Expression[];
  readonly mutations: readonly { readonly kind: 'ApplyConfiguration' | 'JSONPatch'; readonly expression: Expression }[];
}

const mutating = new WeakMap<MutatingPolicy, CompiledMutatingPolicy>();

export function compiledMutatingPolicy(policy: MutatingPolicy): CompiledMutatingPolicy {
  const known = mutating.get(policy);
  if (known) return known;
  const expressions = expressionsOf(policy, true);
  const compiled: CompiledMutatingPolicy = {
    conditions: conditionsOf(policy),
    mutations: (policy.spec?.mutations ?? []).map(({ patchType, jsonPatch, applyConfiguration }) => ({
      kind: patchType === 'JSONPatch' ? 'JSONPatch' : 'ApplyConfiguration',
      expression: expressions.compile((patchType === 'JSONPatch' ? jsonPatch : applyConfiguration)?.expression ?? ''),
    })),
  };
  mutating.set(policy, compiled);
  return compiled;
}
