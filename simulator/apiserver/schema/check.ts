/**
 * Which schemas a CustomResourceDefinition may have: structural ones, without the keywords that the API server refuses.
 * Upstream: apiextensions validation.go and schema/structural; semantics 1.16.
 */
import { compilePattern, PatternSizeError, PatternSyntaxError } from '../../../patterns/re2.ts';
import type { FieldError } from '../errors.ts';
import { defaultErrors } from './check-defaults.ts';
import { junctorCheck } from './check-junctors.ts';
import { listKeywordErrors } from './check-lists.ts';
import { forbidden, invalidValue, required, unsupportedValue } from './field-errors.ts';
import { isObject, member } from './json.ts';
import type { Schema } from './schema-node.ts';
import {
  embeddedResource,
  intOrString,
  isTrue,
  mapTypeKeyword,
  preserveUnknown,
  propertiesOf,
  property,
  subschema,
  textOf,
} from './schema-node.ts';

const refusedKeywords = ['$ref', 'additionalItems', 'definitions', 'dependencies', 'id', 'patternProperties'];

const types = ['array', 'boolean', 'integer', 'number', 'object', 'string'];

/**
 * What is wrong with the schema; empty when the server would take it. `path` is where it stands:
 * `spec.validation.openAPIV3Schema` in definitions of one version.
 */
export function checkStructuralSchema(schema: unknown, path: string): FieldError[] {
  if (!isObject(schema)) return [required(path)];
  const errors = [...rootErrors(schema, path), ...schemaErrors(schema, path)];
  return errors.length > 0 ? errors : defaultErrors(schema, path);
}

function rootErrors(schema: Schema, path: string): FieldError[] {
  const errors: FieldError[] = [];
  const type = textOf(schema, 'type');
  if (type === undefined || type === '') errors.push(required(`${path}.type`, 'must not be empty at the root'));
  else if (type !== 'object') errors.push(invalidValue(`${path}.type`, type, 'must be object at the root'));
  if (isTrue(schema, 'nullable')) errors.push(forbidden(`${path}.nullable`, 'nullable cannot be true at the root'));
  return [...errors, ...implicitFieldErrors(schema, path)];
}

/** apiVersion, kind and metadata are known anyway; a schema may only narrow names. */
function implicitFieldErrors(schema: Schema, path: string): FieldError[] {
  const errors: FieldError[] = [];
  const at = (name: string): string => `${path}.properties[${name}]`;
  for (const name of ['apiVersion', 'kind']) {
    const type = textOf(property(schema, name) ?? { type: 'string' }, 'type');
    if (type !== 'string') errors.push(invalidValue(`${at(name)}.type`, type ?? '', 'must be string'));
  }
  const metadata = property(schema, 'metadata');
  if (metadata === undefined) return errors;
  const type = textOf(metadata, 'type');
  if (type !== 'object') errors.push(invalidValue(`${at('metadata')}.type`, type ?? '', 'must be object'));
  const names = propertiesOf(metadata).map(([name]) => name);
  if (names.some((name) => name !== 'name' && name !== 'generateName')) {
    errors.push(
      forbidden(
        at('metadata'),
        'must not specify anything other than name and generateName, but metadata is implicitly specified',
      ),
    );
  }
  return errors;
}

function keywordErrors(schema: Schema, path: string): FieldError[] {
  const errors: FieldError[] = [];
  for (const keyword of refusedKeywords) {
    if (Object.hasOwn(schema, keyword)) errors.push(forbidden(`${path}.${keyword}`, `${keyword} is not supported`));
  }
  if (isTrue(schema, 'uniqueItems')) {
    const why = 'uniqueItems cannot be set to true since the runtime complexity becomes quadratic';
    errors.push(forbidden(`${path}.uniqueItems`, why));
  }
  if (isObject(schema.additionalProperties) && propertiesOf(schema).length > 0) {
    errors.push(forbidden(`${path}.additionalProperties`, 'additionalProperties and properties are mutual exclusive'));
  }
  const type = textOf(schema, 'type');
  if (type !== undefined && type !== '' && !types.includes(type)) {
    errors.push(unsupportedValue(`${path}.type`, type, types));
    if (type === 'null')
      errors.push(forbidden(`${path}.type`, 'type cannot be set to null, use nullable as an alternative'));
  }
  const problem = patternProblem(textOf(schema, 'pattern') ?? '');
  if (problem !== undefined) errors.push(invalidValue(`${path}.pattern`, textOf(schema, 'pattern') ?? '', problem));
  return errors;
}

/** What keeps a pattern from being used; undefined for one that can be. */
function patternProblem(pattern: string): string | undefined {
  try {
    compilePattern(pattern);
    return undefined;
  } catch (error) {
    if (error instanceof PatternSizeError) return error.message;
    if (!(error instanceof PatternSyntaxError)) throw error;
    return `must be a valid regular expression, but isn't: ${error.message}`;
  }
}

function extensionErrors(schema: Schema, path: string): FieldError[] {
  const errors: FieldError[] = [];
  const type = textOf(schema, 'type');
  const open = member(schema, preserveUnknown);
  if (open === false) errors.push(invalidValue(`${path}.${preserveUnknown}`, false, 'must be true or undefined'));
  const mapType = member(schema, mapTypeKeyword);
  if (mapType !== undefined && mapType !== 'atomic' && mapType !== 'granular') {
    errors.push(unsupportedValue(`${path}.${mapTypeKeyword}`, mapType, ['atomic', 'granular']));
  } else if (mapType !== undefined && type !== 'object') {
    errors.push(invalidValue(`${path}.type`, type ?? '', `must be object if ${mapTypeKeyword} is specified`));
  }
  if (!isTrue(schema, embeddedResource)) return errors;
  if (propertiesOf(schema).length === 0 && open !== true) {
    const why = `must not be empty if ${embeddedResource} is true without ${preserveUnknown}`;
    errors.push(required(`${path}.properties`, why));
  }
  if (type !== 'object') {
    errors.push(invalidValue(`${path}.type`, type ?? '', `must be object if ${embeddedResource} is true`));
  }
  return errors;
}

function typeIsMissing(schema: Schema): boolean {
  const type = textOf(schema, 'type');
  const refused = refusedKeywords.some((keyword) => Object.hasOwn(schema, keyword));
  return (
    (type === undefined || type === '') && !isTrue(schema, intOrString) && !isTrue(schema, preserveUnknown) && !refused
  );
}

function childErrors(schema: Schema, path: string, where: string): FieldError[] {
  const missing = typeIsMissing(schema) ? [required(`${path}.type`, `must not be empty for specified ${where}`)] : [];
  return [...missing, ...schemaErrors(schema, path)];
}

function schemaErrors(schema: Schema, path: string): FieldError[] {
  const items = subschema(schema, 'items');
  const additional = subschema(schema, 'additionalProperties');
  const errors = [
    ...keywordErrors(schema, path),
    ...extensionErrors(schema, path),
    ...listKeywordErrors(schema, path),
    ...junctorCheck(schema, path),
  ];
  if (Array.isArray(schema.items)) {
    errors.push(forbidden(`${path}.items`, 'items must be a schema object and not an array'));
  } else if (textOf(schema, 'type') === 'array' && items === undefined) {
    errors.push(required(`${path}.items`, 'must be specified'));
  }
  for (const [name, child] of propertiesOf(schema)) {
    errors.push(...childErrors(child, `${path}.properties[${name}]`, 'object fields'));
  }
  if (items !== undefined) errors.push(...childErrors(items, `${path}.items`, 'array items'));
  if (additional !== undefined)
    errors.push(...childErrors(additional, `${path}.additionalProperties`, 'object fields'));
  return errors;
}
