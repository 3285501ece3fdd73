/**
 * allOf, anyOf, oneOf and not may test values, but not declare structure: what shapes a value stands outside of them.
 * Upstream: apiextensions schema/validation.go, validateNestedValueValidation.
 */
import type { FieldError } from '../errors.ts';
import { forbidden } from './field-errors.ts';
import { equal, isObject, member } from './json.ts';
import type { Schema } from './schema-node.ts';
import {
  embeddedResource,
  intOrString,
  isTrue,
  preserveUnknown,
  propertiesOf,
  subschema,
  subschemas,
} from './schema-node.ts';

/** The two forms in which an int-or-string may name its types. */
const integerOrString = [{ type: 'integer' }, { type: 'string' }];

export function junctorCheck(schema: Schema, path: string): FieldError[] {
  const errors: FieldError[] = [];
  const namesTypes = isTrue(schema, intOrString);
  const isPlainAnyOf = namesTypes && equal(member(schema, 'anyOf'), integerOrString);
  for (const keyword of ['allOf', 'anyOf', 'oneOf'] as const) {
    if (keyword === 'anyOf' && isPlainAnyOf) continue;
    for (const [index, branch] of subschemas(schema, keyword).entries()) {
      const isTypes =
        namesTypes && keyword === 'allOf' && index === 0 && equal(member(branch, 'anyOf'), integerOrString);
      errors.push(...branchErrors(isTypes ? { ...branch, anyOf: [] } : branch, `${path}.${keyword}[${index}]`));
    }
  }
  const not = subschema(schema, 'not');
  return not === undefined ? errors : [...errors, ...branchErrors(not, `${path}.not`)];
}

function branchErrors(branch: Schema, path: string): FieldError[] {
  const errors: FieldError[] = [];
  const refuse = (keyword: string, state: string): void =>
    void errors.push(forbidden(`${path}.${keyword}`, `must be ${state} to be structural`));
  if (branch.additionalProperties !== undefined) refuse('additionalProperties', 'undefined');
  for (const keyword of ['type', 'title', 'description']) if (branch[keyword]) refuse(keyword, 'empty');
  if (branch.default !== undefined && branch.default !== null) refuse('default', 'undefined');
  for (const keyword of ['nullable', preserveUnknown, embeddedResource, intOrString]) {
    if (isTrue(branch, keyword)) refuse(keyword, 'false');
  }
  for (const [name, child] of propertiesOf(branch)) errors.push(...branchErrors(child, `${path}.properties[${name}]`));
  if (isObject(branch.items)) errors.push(...branchErrors(branch.items, `${path}.items`));
  return [...errors, ...junctorCheck(branch, path)];
}
