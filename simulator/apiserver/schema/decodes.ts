/**
 * The quick answer to whether a body decodes: nearly all do, and only the others need the words of `decode-error.ts`
 * and `strict.ts`.
 */
import { ownMember } from '../../../world/members.ts';
import { isObject } from './json.ts';
import type { Structure } from './structure.ts';

/**
 * True when the body has no unknown field and no value of a wrong type; false when it may have. `known` is an earlier
 * version that has passed: parts that the two share are not looked at again.
 */
export function decodesPlainly(structure: Structure, value: unknown, known: unknown): boolean {
  if (value === null || (value === known && value !== undefined)) return true;
  switch (structure.type) {
    case 'any':
      return true;
    case 'object':
      return isObject(value) && fieldsDecode(structure, value, isObject(known) ? known : undefined);
    case 'map': {
      const { values } = structure;
      if (!isObject(value)) return false;
      if (values === undefined) return true;
      const before = isObject(known) ? known : undefined;
      return Object.keys(value).every((name) => decodesPlainly(values, value[name], ownMember(before, name)));
    }
    case 'list': {
      const { items } = structure;
      if (!Array.isArray(value)) return false;
      if (items === undefined) return true;
      const before: readonly unknown[] = Array.isArray(known) ? known : [];
      return value.every((item, index) => decodesPlainly(items, item, before[index]));
    }
    default:
      return scalarDecodes(structure, value);
  }
}

function fieldsDecode(
  structure: Structure,
  value: Readonly<Record<string, unknown>>,
  known: Readonly<Record<string, unknown>> | undefined,
): boolean {
  const { fields } = structure;
  for (const name of Object.keys(value)) {
    const child = fields?.get(name);
    if (child === undefined || !decodesPlainly(child, value[name], ownMember(known, name))) return false;
  }
  return true;
}

function scalarDecodes(structure: Structure, value: unknown): boolean {
  switch (structure.type) {
    case 'boolean':
      return typeof value === 'boolean';
    case 'number':
      return typeof value === 'number';
    case 'integer':
      return isSmallWhole(value);
    case 'int-or-string':
      return typeof value === 'string' || isSmallWhole(value);
    case 'string':
      return typeof value === 'string' && textDecodes(structure.format, value);
    case 'quantity':
      return typeof value === 'string' && plainQuantity.test(value);
    default:
      return false;
  }
}

/** Fits any of Go's formats. */
function isSmallWhole(value: unknown): boolean {
  return typeof value === 'number' && Number.isInteger(value) && value < 2 ** 31 && value >= -(2 ** 31);
}

const plainTime = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|1\d|2[0-8])T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d+)?Z$/;

/** As people write them: `100m`, `1.5Gi`. */
const plainQuantity = /^\d+(\.\d+)?(m|[kMGT]i?)?$/;

function textDecodes(format: string | undefined, value: string): boolean {
  if (format === 'date-time' || format === 'micro-time') return plainTime.test(value);
  return format !== 'byte';
}
