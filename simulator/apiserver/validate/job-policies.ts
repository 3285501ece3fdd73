/** The two policies of a Job: which pod failures count how, and when success is reached early. */
import type {
  V1PodFailurePolicyOnExitCodesRequirement,
  V1PodFailurePolicyRule,
  V1SuccessPolicyRule,
} from '@kubernetes/client-node';
import type { JobSpec, Wire } from '../../../kubernetes/objects.ts';
import type { FieldError } from '../errors.ts';
import { qualifiedName } from '../schema/names.ts';
import {
  duplicate,
  invalid,
  invalids,
  nonNegative,
  notSupported,
  omitted,
  required,
  tooLong,
  tooMany,
} from './field.ts';
import { countIndexes } from './indexes.ts';

type FailureRule = Wire<V1PodFailurePolicyRule>;

const rulesMax = 20;
const patternsMax = 20;
const exitCodesMax = 255;
const indexBytesMax = 64 * 1024;
const actions = ['Count', 'FailIndex', 'FailJob', 'Ignore'];
const operators = ['In', 'NotIn'];
const statuses = ['False', 'True', 'Unknown'];

/** Go's print of a list of text: `["a" "b"]`. */
function validValues(values: readonly string[]): string {
  return `valid values: [${values.map((value) => JSON.stringify(value)).join(' ')}]`;
}

export function validateFailurePolicy(spec: JobSpec, path: string): FieldError[] {
  const rules = spec.podFailurePolicy?.rules ?? [];
  const { containers = [], initContainers = [] } = spec.template?.spec ?? {};
  const names = new Set([...containers, ...initContainers].map((container) => container.name));
  return [
    ...(rules.length > rulesMax ? [tooMany(`${path}.rules`, rules.length, rulesMax)] : []),
    ...rules.flatMap((rule, index) => validateFailureRule(spec, rule, names, `${path}.rules[${index}]`)),
  ];
}

function validateFailureRule(
  spec: JobSpec,
  rule: FailureRule,
  containers: ReadonlySet<string>,
  path: string,
): FieldError[] {
  const { onExitCodes, onPodConditions: conditions = [] } = rule;
  const errors = validateAction(spec, rule.action ?? '', `${path}.action`);
  if (onExitCodes) errors.push(...validateExitCodes(onExitCodes, containers, `${path}.onExitCodes`));
  if (conditions.length > 0) errors.push(...validateConditions(conditions, `${path}.onPodConditions`));
  if (onExitCodes && conditions.length > 0) {
    errors.push(invalid(path, omitted, 'specifying both OnExitCodes and OnPodConditions is not supported'));
  }
  if (!onExitCodes && conditions.length === 0) {
    errors.push(invalid(path, omitted, 'specifying one of OnExitCodes and OnPodConditions is required'));
  }
  return errors;
}

function validateAction(spec: JobSpec, action: string, path: string): FieldError[] {
  if (action === '') return [required(path, validValues(actions))];
  if (action === 'FailIndex') {
    return spec.backoffLimitPerIndex === undefined
      ? [invalid(path, action, 'requires the backoffLimitPerIndex to be set')]
      : [];
  }
  return actions.includes(action) ? [] : [notSupported(path, action, actions)];
}

function validateConditions(conditions: NonNullable<FailureRule['onPodConditions']>, path: string): FieldError[] {
  return [
    ...(conditions.length > patternsMax ? [tooMany(path, conditions.length, patternsMax)] : []),
    ...conditions.flatMap((pattern, index) => {
      const { type = '', status = '' } = pattern;
      const at = `${path}[${index}].status`;
      const statusErrors = status === '' ? [required(at, validValues(statuses))] : [];
      if (status !== '' && !statuses.includes(status)) statusErrors.push(notSupported(at, status, statuses));
      return [...invalids(`${path}[${index}].type`, type, qualifiedName(type)), ...statusErrors];
    }),
  ];
}

function validateExitCodes(
  codes: Wire<V1PodFailurePolicyOnExitCodesRequirement>,
  containers: ReadonlySet<string>,
  path: string,
): FieldError[] {
  const { operator = '', containerName, values = [] } = codes;
  const errors: FieldError[] = [];
  if (operator === '') errors.push(required(`${path}.operator`, validValues(operators)));
  else if (!operators.includes(operator)) errors.push(notSupported(`${path}.operator`, operator, operators));
  if (containerName !== undefined && !containers.has(containerName)) {
    const detail = 'must be one of the container or initContainer names in the pod template';
    errors.push(invalid(`${path}.containerName`, containerName, detail));
  }
  return [...errors, ...validateCodeValues(values, operator, `${path}.values`)];
}

function validateCodeValues(values: readonly number[], operator: string, path: string): FieldError[] {
  const errors: FieldError[] = [];
  if (values.length === 0) errors.push(invalid(path, values, 'at least one value is required'));
  if (values.length > exitCodesMax) errors.push(tooMany(path, values.length, exitCodesMax));
  for (const [index, value] of values.entries()) {
    if (operator === 'In' && value === 0) {
      errors.push(invalid(`${path}[${index}]`, value, 'must not be 0 for the In operator'));
    }
    if (values.indexOf(value) < index) errors.push(duplicate(`${path}[${index}]`, value));
  }
  const ordered = values.every((value, index) => index === 0 || (values[index - 1] ?? 0) <= value);
  if (!ordered) errors.push(invalid(path, values, 'must be ordered'));
  return errors;
}

/** For Indexed Jobs only; the caller has checked that. */
export function validateSuccessPolicy(spec: JobSpec, path: string): FieldError[] {
  const rules = spec.successPolicy?.rules ?? [];
  const at = `${path}.rules`;
  return [
    ...(rules.length === 0
      ? [required(at, 'at least one rules must be specified when the successPolicy is specified')]
      : []),
    ...(rules.length > rulesMax ? [tooMany(at, rules.length, rulesMax)] : []),
    ...rules.flatMap((rule, index) => validateSuccessRule(rule, spec.completions ?? 0, `${at}[${index}]`)),
  ];
}

function validateSuccessRule(rule: Wire<V1SuccessPolicyRule>, completions: number, path: string): FieldError[] {
  const { succeededIndexes: indexes, succeededCount: count } = rule;
  const errors: FieldError[] = [];
  if (count === undefined && indexes === undefined) {
    errors.push(required(path, 'at least one of succeededCount or succeededIndexes must be specified'));
  }
  const at = `${path}.succeededIndexes`;
  const counted = indexes === undefined ? undefined : countIndexes(indexes, completions);
  if (indexes !== undefined && indexes.length > indexBytesMax) errors.push(tooLong(at, indexBytesMax));
  if (counted && 'problem' in counted) {
    errors.push(invalid(at, indexes, `error parsing succeededIndexes: ${counted.problem}`));
  }
  if (count === undefined) return errors;
  const total = counted && 'total' in counted ? counted.total : 0;
  return [...errors, ...validateCount(count, completions, counted ? total : undefined, `${path}.succeededCount`)];
}

function validateCount(count: number, completions: number, named: number | undefined, path: string): FieldError[] {
  const errors = nonNegative(path, count);
  if (count > completions) {
    const detail = `must be less than or equal to ${completions} (the number of specified completions)`;
    errors.push(invalid(path, count, detail));
  }
  if (named !== undefined && count > named) {
    const detail = `must be less than or equal to ${named} (the number of indexes in the specified succeededIndexes field)`;
    errors.push(invalid(path, count, detail));
  }
  return errors;
}
