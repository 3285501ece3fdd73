/**
 * x-kubernetes-validations: the rules of a custom resource's schema, and whether a schema's rules compile. Upstream:
 * apiextensions schema/cel; semantics 1.16. What rules may cost is counted while they run, as there; it is not
 * estimated when they are written: a rule over an unbounded list that a cluster refuses is taken here.
 */
import { OBJECT_COST_MAX } from '../../cel/cost.ts';
import { CostError } from '../../cel/errors.ts';
import type { FieldError } from '../errors.ts';
import type { Outcome, Program } from './cel-program.ts';
import { compileRule } from './cel-program.ts';
import { withImplicitFields } from './cel-types.ts';
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
 * The rules' verdict, to be called with the errors that the schema found before: after some of them the server checks
 * no rule and says so. `old` is the stored object on update. The object has its defaults.
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
  return rulesAt(object, old, schema, '', true, new Allowance());
}

/** What the rules of one object may still cost together; once that is spent, no rule is asked any more. */
class Allowance {
  #left = OBJECT_COST_MAX;
  isOver = false;

  /** False when there is not so much left. */
  spend(cost: number): boolean {
    this.isOver ||= cost > this.#left;
    this.#left -= cost;
    return !this.isOver;
  }
}

const OVERSPENT = 'validation failed due to running out of cost budget, no further validation rules will be run';

/**
 * Parts of stored objects that have kept the rules of a schema against themselves: they go on doing so while nobody
 * changes them.
 */
const kept = new WeakMap<Schema, WeakSet<object>>();

function rulesAt(
  value: Json,
  old: Json | undefined,
  schema: Schema,
  path: string,
  isRoot: boolean,
  allowance: Allowance,
): FieldError[] {
  if (value === null || !hasRules(schema) || allowance.isOver) return [];
  if (typeof value !== 'object' || value !== old) return rulesOf(value, old, schema, path, isRoot, allowance);
  const known = kept.get(schema) ?? new WeakSet();
  if (known.has(value)) return [];
  const errors = rulesOf(value, old, schema, path, isRoot, allowance);
  if (errors.length === 0 && Object.isFrozen(value)) kept.set(schema, known.add(value));
  return errors;
}

function rulesOf(
  value: Json,
  old: Json | undefined,
  schema: Schema,
  path: string,
  isRoot: boolean,
  allowance: Allowance,
): FieldError[] {
  const own = programsOf(schema, isRoot).flatMap((program) => {
    // What was wrong before and has not changed is tolerated.
    const isUnchanged = old !== undefined && equal(value, old) && !program.usesOld;
    if (isUnchanged || (program.usesOld && !program.oldIsOptional && (old === undefined || old === null))) return [];
    if (allowance.isOver) return [];
    return ruleErrors(program, value, old ?? undefined, isRoot ? withImplicitFields(schema) : schema, path, allowance);
  });
  return [...own, ...rulesBelow(value, old, schema, path, allowance)];
}

function rulesBelow(
  value: Json,
  old: Json | undefined,
  schema: Schema,
  path: string,
  allowance: Allowance,
): FieldError[] {
  if (Array.isArray(value)) {
    const items = subschema(schema, 'items');
    if (items === undefined) return [];
    return value.flatMap((item, index) =>
      rulesAt(item, oldItem(item, old, schema), items, `${path}[${index}]`, false, allowance),
    );
  }
  if (!isObject(value)) return [];
  const additional = subschema(schema, 'additionalProperties');
  const before = isObject(old) ? old : {};
  return Object.entries(value).flatMap(([name, item]) => {
    const child = property(schema, name) ?? additional;
    if (child === undefined) return [];
    return rulesAt(item, member(before, name), child, memberPath(path, name), false, allowance);
  });
}

function ruleErrors(
  program: Program,
  value: Json,
  old: Json | undefined,
  schema: Schema,
  path: string,
  allowance: Allowance,
): FieldError[] {
  const shown = textOf(program.rule, 'message')?.trim() ?? '';
  const type = textOf(schema, 'type') ?? '';
  const refuse = (field: string, why: string): FieldError[] => [invalidValue(field, type, why)];
  if (program.problem !== undefined) return refuse(path, `rule compile error: ${program.problem}`);
  const self = typedValue(value, schema);
  const before = old === undefined ? undefined : typedValue(old, schema);
  const result = program.run(self, before);
  if (!allowance.spend(result.cost)) return refuse(path, OVERSPENT);
  if ('error' in result) {
    allowance.isOver ||= result.error instanceof CostError;
    return refuse(path, evaluationProblem(result.error, shown === '' ? program.text : shown));
  }
  if (result.value === true) return [];
  const field = `${path}${textOf(program.rule, 'fieldPath') ?? ''}`
    .replace(/^\./, '')
    .replace(/\['([^']*)'\]/g, '[$1]');
  const message = program.message(self, before);
  const problem = messageProblem(program, message, allowance);
  if (problem !== undefined) return refuse(field, problem);
  const own = 'value' in message && typeof message.value === 'string' ? message.value : undefined;
  const text = own ?? (shown === '' ? `failed rule: ${program.text}` : shown);
  return [failure(textOf(program.rule, 'reason'), field, value, text)];
}

/** In the words of the real server. */
function evaluationProblem({ message }: Error, rule: string): string {
  if (message.startsWith('no such overload')) {
    return `'${message}': call arguments did not match a supported operator, function or macro signature for rule: ${rule}`;
  }
  if (message.startsWith('operation cancelled: actual cost limit exceeded')) {
    return `'${message}': no further validation rules will be run due to call cost exceeds limit for rule: ${rule}`;
  }
  return `${message} evaluating rule: ${rule}`;
}

/** A message that costs too much ends all; one that fails in another way is only left out. */
function messageProblem({ rule }: Program, message: Outcome, allowance: Allowance): string | undefined {
  if (!allowance.spend(message.cost)) {
    return 'messageExpression evaluation failed due to running out of cost budget, no further validation rules will be run';
  }
  if (!('error' in message && message.error instanceof CostError)) return undefined;
  allowance.isOver = true;
  const expression = JSON.stringify(textOf(rule, 'messageExpression') ?? '');
  return `no further validation rules will be run due to call cost exceeds limit for messageExpression: ${expression}`;
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
  if (program.problem !== undefined) errors.push(refuse('rule', program.problem));
  if (program.oldIsOptional && !program.usesOld) {
    const why = 'may not be set if oldSelf is not used in rule';
    errors.push(invalidValue(`${path}.optionalOldSelf`, true, why));
  }
  if (program.messageProblem !== undefined) errors.push(refuse('messageExpression', program.messageProblem));
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
