/**
 * What ValidatingAdmissionPolicies say to a request: nothing, warnings, or a refusal. Audit goes nowhere. Source:
 * Kubernetes' policy/validating.
 */
import { ownMember } from '../../../../world/members.ts';
import type { Backend } from '../../backend.ts';
import { ApiError } from '../../errors.ts';
import { type CompiledValidation, compiledValidatingPolicy } from '../../policies/compiled.ts';
import { ExpressionError, type Inputs, OverspentError } from '../../policies/expressions.ts';
import type { ValidatingBinding, ValidatingPolicy } from '../../policies/kinds.ts';
import type { Attributes } from './attributes.ts';
import { conditionsHold, failsClosed, type Invocation, inputsFor, invocationsFor, refusal } from './evaluation.ts';

interface Denial {
  readonly message: string;
  readonly reason: string;
}

const codes: Readonly<Record<string, number>> = { Forbidden: 403, Unauthorized: 401, RequestEntityTooLarge: 413 };
const maximumMessageBytes = 5 * 1024;

/** Throws the refusal of the first that refuses; `warn` gets what bindings only warn of. */
export function validateByPolicies(backend: Backend, attributes: Attributes, warn: (text: string) => void): void {
  const { invocations, errors } = invocationsFor<ValidatingPolicy, ValidatingBinding>(
    backend,
    'validating',
    attributes,
  );
  const denials = errors.map((error): Denial => ({ message: deniedBy(error, error.message), reason: 'Invalid' }));
  for (const invocation of invocations) {
    const actions = invocation.binding.spec?.validationActions ?? [];
    for (const denial of denialsOf(invocation, inputsFor(backend, attributes, invocation.param))) {
      if (actions.includes('Warn')) warn(warningOf(invocation, denial));
      if (actions.includes('Deny')) denials.push({ ...denial, message: deniedBy(invocation, denial.message) });
    }
  }
  if (denials[0]) throw denied(attributes, denials[0]);
}

type Asked = Pick<Invocation<ValidatingPolicy, ValidatingBinding>, 'policy' | 'binding'>;

function deniedBy({ policy, binding }: Asked, why: string): string {
  return `ValidatingAdmissionPolicy '${policy.metadata?.name}' with binding '${binding.metadata?.name}' denied request: ${why}`;
}

function warningOf({ policy, binding }: Asked, { message }: Denial): string {
  return `Validation failed for ValidatingAdmissionPolicy '${policy.metadata?.name}' with binding '${binding.metadata?.name}': ${message}`;
}

function denialsOf(invocation: Invocation<ValidatingPolicy, ValidatingBinding>, inputs: Inputs): Denial[] {
  const { policy } = invocation;
  const { conditions, validations } = compiledValidatingPolicy(policy);
  const undecided = ({ message }: ExpressionError): Denial[] =>
    failsClosed(policy) ? [{ message, reason: 'Invalid' }] : [];
  try {
    if (!conditionsHold(conditions, inputs)) return [];
  } catch (error) {
    if (error instanceof ExpressionError) return undecided(error);
    throw error;
  }
  let isOver = false;
  return validations.flatMap((validation) => {
    if (isOver) return [];
    try {
      if (validation.expression.evaluate(inputs) === true) return [];
    } catch (error) {
      isOver = error instanceof OverspentError;
      if (error instanceof ExpressionError) return undecided(error);
      throw error;
    }
    return [{ message: messageOf(validation, inputs), reason: validation.reason }];
  });
}

/** What messageExpression says, if it can be used; else the message; else the expression itself. */
function messageOf({ expression, messageExpression, message }: CompiledValidation, inputs: Inputs): string {
  let own = '';
  try {
    const evaluated = messageExpression?.evaluate(inputs);
    if (typeof evaluated === 'string') own = evaluated.trim();
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
  }
  if (own.includes('\n') || Buffer.byteLength(own) > maximumMessageBytes) own = '';
  return own || message || `failed expression: ${expression.text.trim()}`;
}

function denied(attributes: Attributes, { message, reason }: Denial): ApiError {
  const { status } = refusal(attributes, message);
  const details = { ...status.details, causes: [{ message }] };
  return new ApiError(ownMember(codes, reason) ?? 422, reason, status.message ?? '', details);
}
