/**
 * x-kubernetes-validations: the rules of a custom resource's schema, and whether a schema's rules compile. Upstream: apiextensions
 * schema/cel; semantics 1.16. Cost limits are not estimated: a rule over an unbounded list that a cluster refuses is taken here.
 */
import type { FieldError } from '../errors.ts';
import { withImplicitFields } from './cel-environment.ts';
import type { Program } from './cel-program.ts';
import { compileRule, evaluationProblem } from './cel-program.ts';
import { typedValue } from './cel-values.ts';
import { fieldError, forbidden, invalidValue, memberPath, required, unsupportedValue } from './field-errors.ts';
import type { Json, JsonObject } from './json.ts';
import { equal, isObject, member } from './json.ts';
import type { Schema } from './schema-node.ts';
import { propertiesOf, property, rulesKeyword, subschema, textOf } from './schema-node.ts';
import { oldItem } from './validate.ts';

const programs = new WeakMap<Schema, Program[]>();

/** Rules of the schema itself, compiled once. */
function programsOf(schema: Schema, isRoot: boolean): Program[] {
  const known = programs.get(schema);
  if (known !== undefined) return known;
  const rules = schema[rulesKeyword];
  const typed = isRoot ? withImplicitFields(schema) : schema;
  const compiled = (Array.isArray(rules) ? rules.filter(isObject) : []).map((rule) => compileRule(rule, typed));
  programs.set(schema, compiled);
  return compiled;
}

/** True when any rule stands anywhere in the schema. */
export function hasRules(schema: Schema): boolean {
  let known = ruled.get(schema);
  if (known === undefined) {
    known = findsRules(schema);
    ruled.set(schema, known);
  }
  return known;
}

const ruled = new WeakMap<Schema, boolean>();

function findsRules(schema: Schema): boolean {
  if (Array.isArray(schema[rulesKeyword]) && schema[rulesKeyword].length > 0) return true;
  const below = [...propertiesOf(schema).map(([, child]) => child)];
  for (const keyword of ['items', 'additionalProperties']) below.push(subschema(schema, keyword) ?? {});
  return below.some((child) => Object.keys(child).length > 0 && hasRules(child));
}

const blocking = new Set<FieldError['reason']>([
  'FieldValueNotSupported',
  'FieldValueRequired',
  'FieldValueTooLong',
  'FieldValueTooMany',
  'FieldValueTypeInvalid',
]);

/**
 * The rules' verdict, to be called with the errors that the schema found before: after some of them the server checks no rule and says
 * so. `old` is the stored object on update. The object has its defaults.
 */
export function validateRules(
  object: JsonObject,
  old: JsonObject | undefined,
  schema: Schema,
  schemaErrors: readonly FieldError[] = [],
): FieldError[] {
  if (!hasRules(schema)) return [];
  if (schemaErrors.some(({ reason }) => blocking.has(reason))) {
    const why =
      'some validation rules were not checked because the object was invalid; correct the existing errors to complete validation';
    return [invalidValue('<nil>', null, why)];
  }
  return rulesAt(object, old, schema, '', true);
}

/** Parts of stored objects that have kept the rules of a schema against themselves: they go on doing so while nobody changes them. */
const kept = new WeakMap<Schema, WeakSet<object>>();

function rulesAt(value: Json, old: Json | undefined, schema: Schema, path: string, isRoot: boolean): FieldError[] {
  if (value === null || !hasRules(schema)) return [];
  if (typeof value !== 'object' || value !== old) return rulesOf(value, old, schema, path, isRoot);
  const known = kept.get(schema) ?? new WeakSet();
  if (known.has(value)) return [];
  const errors = rulesOf(value, old, schema, path, isRoot);
  if (errors.length === 0 && Object.isFrozen(value)) kept.set(schema, known.add(value));
  return errors;
}

function rulesOf(value: Json, old: Json | undefined, schema: Schema, path: string, isRoot: boolean): FieldError[] {
  const own = programsOf(schema, isRoot).flatMap((program) => {
    // What was wrong before and has not changed is tolerated.
    const isUnchanged = old !== undefined && equal(value, old) && !program.usesOld;
    if (isUnchanged || (program.usesOld && !program.oldIsOptional && (old === undefined || old === null))) return [];
    return ruleErrors(program, value, old ?? undefined, isRoot ? withImplicitFields(schema) : schema, path);
  });
  return [...own, ...rulesBelow(value, old, schema, path)];
}

function rulesBelow(value: Json, old: Json | undefined, schema: Schema, path: string): FieldError[] {
  if (Array.isArray(value)) {
    const items = subschema(schema, 'items');
    if (items === undefined) return [];
    return value.flatMap((item, index) => rulesAt(item, oldItem(item, old, schema), items, `${path}[${index}]`, false));
  }
  if (!isObject(value)) return [];
  const additional = subschema(schema, 'additionalProperties');
  const before = isObject(old) ? old : {};
  return Object.entries(value).flatMap(([name, item]) => {
    const child = property(schema, name) ?? additional;
    return child === undefined ? [] : rulesAt(item, member(before, name), child, memberPath(path, name), false);
  });
}

function ruleErrors(program: Program, value: Json, old: Json | undefined, schema: Schema, path: string): FieldError[] {
  const shown = textOf(program.rule, 'message')?.trim() ?? '';
  const field = `${path}${textOf(program.rule, 'fieldPath') ?? ''}`
    .replace(/^\./, '')
    .replace(/\['([^']*)'\]/g, '[$1]');
  const type = textOf(schema, 'type') ?? '';
  if (program.compileError !== undefined) {
    return [invalidValue(path, type, `rule compile error: compilation failed: ${program.compileError}`)];
  }
  const self = typedValue(value, schema);
  const before = old === undefined ? undefined : typedValue(old, schema);
  let holds: unknown;
  try {
    holds = program.run(self, before);
  } catch (error) {
    const rule = shown === '' ? program.text : shown;
    return [invalidValue(path, type, `${evaluationProblem(error)} evaluating rule: ${rule}`)];
  }
  if (holds === true) return [];
  const message = program.message(self, before) ?? (shown === '' ? `failed rule: ${program.text}` : shown);
  return [failure(textOf(program.rule, 'reason'), field, value, message)];
}

/** Lists and objects are too long to be shown. */
function failure(reason: string | undefined, field: string, value: Json, message: string): FieldError {
  if (reason === 'FieldValueForbidden') return forbidden(field, message);
  if (reason === 'FieldValueRequired') return required(field, message);
  if (reason === 'FieldValueDuplicate') return fieldError('FieldValueDuplicate', field, 'Duplicate value');
  if (typeof value !== 'object') return invalidValue(field, value, message);
  return fieldError('FieldValueInvalid', field, `Invalid value: ${message}`);
}

const reasons = ['FieldValueDuplicate', 'FieldValueForbidden', 'FieldValueInvalid', 'FieldValueRequired'];

/** A rule as the server quotes it: Go's structure as JSON. */
function quotedRule(rule: JsonObject): string {
  const text = JSON.stringify({
    Rule: rule.rule ?? '',
    Message: rule.message ?? '',
    MessageExpression: rule.messageExpression ?? '',
    Reason: rule.reason ?? null,
    FieldPath: rule.fieldPath ?? '',
    OptionalOldSelf: rule.optionalOldSelf ?? null,
  });
  return text.replace(/[<>&]/g, (sign) => `\\u00${sign.charCodeAt(0).toString(16)}`);
}

function fieldPathIsKnown(fieldPath: string, schema: Schema): boolean {
  const steps = [...fieldPath.matchAll(/\.([A-Za-z_][\w-]*)|\['([^']+)'\]/g)];
  if (steps.map(([whole]) => whole).join('') !== fieldPath) return false;
  let current: Schema | undefined = schema;
  for (const [, name, key] of steps) {
    current = current && (property(current, name ?? key ?? '') ?? subschema(current, 'additionalProperties'));
  }
  return current !== undefined;
}

function compileErrors(program: Program, path: string): FieldError[] {
  const { rule } = program;
  const refuse = (keyword: string, why: string): FieldError =>
    fieldError('FieldValueInvalid', `${path}.${keyword}`, `Invalid value: ${quotedRule(rule)}: ${why}`);
  const errors: FieldError[] = [];
  if (program.compileError !== undefined) errors.push(refuse('rule', `compilation failed: ${program.compileError}`));
  else if (program.resultType !== 'bool' && program.resultType !== 'dyn') {
    errors.push(refuse('rule', 'cel expression must evaluate to a bool'));
  }
  if (program.oldIsOptional && !program.usesOld) {
    const why = 'may not be set if oldSelf is not used in rule';
    errors.push(invalidValue(`${path}.optionalOldSelf`, true, why));
  }
  if (program.messageError !== undefined) {
    errors.push(refuse('messageExpression', `messageExpression compilation failed: ${program.messageError}`));
  } else if (program.messageType !== undefined && program.messageType !== 'string') {
    errors.push(refuse('messageExpression', 'messageExpression must evaluate to a string'));
  }
  return errors;
}

function ruleDefinitionErrors(program: Program, schema: Schema, path: string): FieldError[] {
  const { rule, text } = program;
  if (text === '') return [required(`${path}.rule`, 'rule is not specified')];
  const errors: FieldError[] = [];
  const message = textOf(rule, 'message');
  const reason = member(rule, 'reason');
  const fieldPath = textOf(rule, 'fieldPath') ?? '';
  if (message?.includes('\n')) errors.push(invalidValue(`${path}.message`, message, 'must not contain line breaks'));
  if (text.includes('\n') && !message) {
    errors.push(required(`${path}.message`, 'message must be specified if rule contains line breaks'));
  }
  if (reason !== undefined && !reasons.some((known) => known === reason)) {
    errors.push(unsupportedValue(`${path}.reason`, reason, reasons));
  }
  if (fieldPath !== '' && !fieldPathIsKnown(fieldPath, schema)) {
    errors.push(invalidValue(`${path}.fieldPath`, fieldPath, 'must be a valid path'));
  }
  return [...errors, ...compileErrors(program, path)];
}

/** What is wrong with the rules of a schema that is structural; `path` is where the schema stands. */
export function checkRules(schema: Schema, path: string, isRoot = true): FieldError[] {
  const own = programsOf(schema, isRoot).flatMap((program, index) =>
    ruleDefinitionErrors(program, schema, `${path}.${rulesKeyword}[${index}]`),
  );
  const fields = propertiesOf(schema).flatMap(([name, child]) =>
    checkRules(child, `${path}.properties[${name}]`, false),
  );
  const below = ['items', 'additionalProperties'].flatMap((keyword) => {
    const child = subschema(schema, keyword);
    return child === undefined ? [] : checkRules(child, `${path}.${keyword}`, false);
  });
  return [...own, ...fields, ...below];
}
