/**
 * The filter of a list, checked before any store sees it (contract 2.5): known fields, and operators with what they
 * take. What is wrong is a 400 that names its place; what is right means what MongoDB means by it.
 */
import { isObject } from '../../http/index.ts';
import type { Filter } from '../stores/store.ts';

/** Why a filter cannot be used, and where in it. */
export class FilterFault extends Error {
  override readonly name = 'FilterFault';
  readonly path: readonly string[];

  constructor(path: readonly string[], why: string) {
    super(why);
    this.path = path;
  }
}

/** What a filter may be about. */
export interface FilterTerms {
  /** What is filtered, for a refusal: `tasks`. */
  readonly kind: string;
  /** The field by its name in any case; undefined when nothing can be filtered by it. */
  fieldOf(name: string): string | undefined;
  /** Where the field is stored. */
  storedIn(field: string): string;
  /** The fields, for a refusal. */
  readonly fields: readonly string[];
  /** The value as it is stored. */
  valueOf(field: string, value: unknown): unknown;
}

const logicalOperators = new Set(['$and', '$or', '$nor']);

/** The filter with fields and values as they are stored. Throws FilterFault. */
export function checkedFilter(
  filter: Record<string, unknown>,
  terms: FilterTerms,
  path: readonly string[] = [],
): Filter {
  const members = Object.entries(filter).map(([name, condition]) => memberOf(name, condition, terms, [...path, name]));
  return Object.fromEntries(members);
}

function memberOf(name: string, condition: unknown, terms: FilterTerms, path: readonly string[]): [string, unknown] {
  if (logicalOperators.has(name)) return [name, filtersOf(name, condition, terms, path)];
  const field = terms.fieldOf(name);
  if (field === undefined) {
    throw new FilterFault(
      path,
      `${terms.kind} cannot be filtered by ${JSON.stringify(name)}: use one of ${terms.fields.join(', ')}`,
    );
  }
  const stored = terms.storedIn(field);
  if (isScalar(condition)) return [stored, terms.valueOf(field, condition)];
  if (isObject(condition)) return [stored, conditionOf(field, condition, terms, path)];
  throw new FilterFault(path, `${name} is compared with a text, a number, a boolean or null, and with several by $in`);
}

function filtersOf(operator: string, given: unknown, terms: FilterTerms, path: readonly string[]): Filter[] {
  if (!Array.isArray(given) || given.length === 0 || !given.every(isObject)) {
    throw new FilterFault(path, `${operator} takes a list of filters, at least one`);
  }
  return given.map((part, index) => checkedFilter(part, terms, [...path, String(index)]));
}

function conditionOf(
  field: string,
  condition: Record<string, unknown>,
  terms: FilterTerms,
  path: readonly string[],
): Record<string, unknown> {
  const entries = Object.entries(condition);
  if (entries.length === 0) throw new FilterFault(path, `${field} is compared with nothing: ${operatorList}`);
  const members = entries.map(([operator, operand]) => {
    const at = [...path, operator];
    if (operator === '$not' && isObject(operand)) return [operator, conditionOf(field, operand, terms, at)] as const;
    const check = operators.get(operator);
    if (!check) throw new FilterFault(at, `${JSON.stringify(operator)} is no operator: ${operatorList}`);
    if (!check.takes(operand)) throw new FilterFault(at, `${operator} takes ${check.what}`);
    return [operator, check.isCompared ? valuesOf(field, operand, terms) : operand] as const;
  });
  return Object.fromEntries(members);
}

function valuesOf(field: string, operand: unknown, terms: FilterTerms): unknown {
  return Array.isArray(operand) ? operand.map((one) => terms.valueOf(field, one)) : terms.valueOf(field, operand);
}

function isScalar(value: unknown): boolean {
  return value === null || ['string', 'number', 'boolean'].includes(typeof value);
}

interface OperatorCheck {
  readonly what: string;
  /** Whether records hold what it is given. */
  readonly isCompared: boolean;
  takes(operand: unknown): boolean;
}

const isScalarList = (operand: unknown): boolean => Array.isArray(operand) && operand.every(isScalar);
const isWhole = (operand: unknown): boolean => Number.isSafeInteger(operand);
const isWholeList = (operand: unknown): boolean => Array.isArray(operand) && operand.every(isWhole);

const scalar: OperatorCheck = { what: 'a text, a number, a boolean or null', isCompared: true, takes: isScalar };
const scalars: OperatorCheck = {
  what: 'a list of texts, numbers, booleans or null',
  isCompared: true,
  takes: isScalarList,
};
const bits: OperatorCheck = {
  what: 'a whole number of at least 0 or a list of such',
  isCompared: false,
  takes: (operand) => [operand].flat().every((one) => isWhole(one) && (one as number) >= 0),
};
const text: OperatorCheck = { what: 'a text', isCompared: false, takes: (operand) => typeof operand === 'string' };

const operators: ReadonlyMap<string, OperatorCheck> = new Map<string, OperatorCheck>([
  ['$eq', scalar],
  ['$ne', scalar],
  ['$gt', scalar],
  ['$gte', scalar],
  ['$lt', scalar],
  ['$lte', scalar],
  ['$in', scalars],
  ['$nin', scalars],
  ['$all', scalars],
  ['$regex', text],
  ['$options', text],
  ['$not', { what: 'a condition, such as {"$gt": 5}', isCompared: false, takes: isObject }],
  [
    '$exists',
    {
      what: 'true or false',
      isCompared: false,
      takes: (operand) => typeof operand === 'boolean' || operand === 0 || operand === 1,
    },
  ],
  ['$type', { what: 'the name or number of a type, or a list of such', isCompared: false, takes: isType }],
  ['$size', { what: 'a whole number', isCompared: false, takes: isWhole }],
  [
    '$mod',
    {
      what: 'a list of two whole numbers, the divisor not 0',
      isCompared: false,
      takes: (operand) => isWholeList(operand) && isDivision(operand as number[]),
    },
  ],
  ['$bitsAllSet', bits],
  ['$bitsAllClear', bits],
  ['$bitsAnySet', bits],
  ['$bitsAnyClear', bits],
]);

const operatorList = `use one of ${[...operators.keys()].join(', ')}`;

function isDivision(operand: readonly number[]): boolean {
  return operand.length === 2 && operand[0] !== 0;
}

const typeNames = ['double', 'string', 'object', 'array', 'bool', 'null', 'int', 'long', 'number', 'date', 'regex'];

function isType(operand: unknown): boolean {
  const names = [operand].flat();
  return names.length > 0 && names.every((name) => typeNames.includes(name as string) || isWhole(name));
}
