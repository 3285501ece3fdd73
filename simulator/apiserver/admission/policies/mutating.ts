/** What MutatingAdmissionPolicies make of an object before it is stored. Source: Kubernetes' policy/mutating. */
import type { Backend, WriteRequest } from '../../backend.ts';
import { ApiError } from '../../errors.ts';
import { type ApiObject, copyJson, sameJson } from '../../json.ts';
import { asWritten, decodeObject, withDefaults } from '../../kinds/decode.ts';
import { structureOfResource } from '../../kinds/structures.ts';
import { applyJsonPatch } from '../../patch/json-patch.ts';
import { PatchError } from '../../patch/patch-error.ts';
import { withApplied } from '../../policies/apply-structure.ts';
import { compiledMutatingPolicy } from '../../policies/compiled.ts';
import { type Expression, ExpressionError } from '../../policies/expressions.ts';
import type { MutatingBinding, MutatingPolicy } from '../../policies/kinds.ts';
import { jsonOf, StructureError } from '../../policies/structures.ts';
import type { Json, JsonObject } from '../../schema/json.ts';
import { type Attributes, versioned } from './attributes.ts';
import { conditionsHold, failsClosed, type Invocation, inputsFor, invocationsFor, refusal } from './evaluation.ts';

type Mutation = Invocation<MutatingPolicy, MutatingBinding>;

/**
 * The object as all policies leave it, in the stored shape: the given one if none changes it. Throws their refusals.
 */
export function mutateByPolicies(
  backend: Backend,
  request: WriteRequest,
  attributes: Attributes & { readonly object: ApiObject },
): ApiObject {
  const { object } = attributes;
  const { invocations, errors } = invocationsFor<MutatingPolicy, MutatingBinding>(backend, 'mutating', attributes);
  if (invocations.length === 0 && errors.length === 0) return object;
  const refusals = errors.map((error) => deniedBy(error, error.message));
  let present = asWritten(request.resource, object);
  const again: Mutation[] = [];
  for (const invocation of invocations) {
    const before = present;
    present = mutated(backend, request, { ...attributes, object: present }, invocation, refusals);
    if (!sameJson(before, present)) {
      // Those that want to see what others have done see it once.
      for (const earlier of again.splice(0)) {
        present = mutated(backend, request, { ...attributes, object: present }, earlier, refusals);
      }
    }
    if (invocation.policy.spec?.reinvocationPolicy === 'IfNeeded') again.push(invocation);
  }
  if (refusals[0] !== undefined) throw denied(attributes, refusals);
  return present;
}

function mutated(
  backend: Backend,
  request: WriteRequest,
  attributes: Attributes & { readonly object: ApiObject },
  invocation: Mutation,
  refusals: string[],
): ApiObject {
  const { conditions, mutations } = compiledMutatingPolicy(invocation.policy);
  let { object } = attributes;
  const inputs = (of: ApiObject) => inputsFor(backend, { ...attributes, object: of }, invocation.param);
  try {
    if (conditions.length > 0 && !conditionsHold(conditions, inputs(object))) return object;
    for (const { kind, expression } of mutations) {
      object =
        kind === 'JSONPatch'
          ? patched(request, object, expression, inputs(object))
          : applied(request, object, expression, inputs(object));
    }
  } catch (error) {
    if (!(error instanceof ExpressionError || error instanceof StructureError)) throw error;
    if (failsClosed(invocation.policy)) refusals.push(deniedBy(invocation, error.message));
  }
  return object;
}

type Inputs = ReturnType<typeof inputsFor>;

function applied(request: WriteRequest, object: ApiObject, expression: Expression, inputs: Inputs): ApiObject {
  const structure = structureOfResource(request.resource);
  const evaluated = expression.evaluate(inputs);
  if (!structure) return object;
  return taken(request, withApplied(documentOf(request, object), evaluated, structure));
}

function patched(request: WriteRequest, object: ApiObject, expression: Expression, inputs: Inputs): ApiObject {
  const operations = jsonOf(expression.evaluate(inputs));
  try {
    return taken(request, applyJsonPatch(documentOf(request, object), operations));
  } catch (error) {
    if (!(error instanceof PatchError)) throw error;
    const why = typeof error.cause === 'string' ? error.cause : error.message;
    // A failed test is a condition that does not hold.
    if (why.endsWith('test failed')) return object;
    throw new StructureError('JSONPatch', `JSON Patch: ${why}`);
  }
}

function documentOf({ resource }: WriteRequest, object: ApiObject): JsonObject {
  return copyJson(versioned(resource, object)) as unknown as JsonObject;
}

/** What a policy has made, in the stored shape with its defaults. */
function taken(request: WriteRequest, document: Json): ApiObject {
  const { text: _text, ...silent } = request;
  const decoded = decodeObject({ ...silent, fieldValidation: 'Strict' }, document);
  return asWritten(request.resource, withDefaults(request.resource, decoded));
}

function deniedBy({ policy, binding }: Pick<Mutation, 'policy' | 'binding'>, why: string): string {
  return `policy '${policy.metadata?.name}' with binding '${binding.metadata?.name}' denied request: ${why}`;
}

/** The code is that of a refusal, the reason that of an invalid object: so has it the real server. */
function denied(attributes: Attributes, messages: readonly string[]): ApiError {
  const { status } = refusal(attributes, '');
  const details = { ...status.details, causes: messages.map((message) => ({ message })) };
  return new ApiError(403, 'Invalid', messages[0] ?? '', details);
}
