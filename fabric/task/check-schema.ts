/** Holds a value to a structural schema, as an API server would, and says every fault with its path. */
import type { TaskIssue } from './errors.ts';
import type { Schema } from './schema.ts';

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const typeOf = (value: unknown): string => {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  return Number.isInteger(value) ? 'integer' : typeof value;
};

/** Path of a member: `spec.image`, or `spec.environment[A B]` where the key is no identifier. */
export function memberPath(path: string, key: string): string {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(key) ? `${path}.${key}` : `${path}[${key}]`;
}

/** Faults of `value`; absent members are left to `required`, and members that the schema does not know are ignored. */
export function schemaIssues(schema: Schema, value: unknown, path: string): TaskIssue[] {
  if (schema['x-kubernetes-preserve-unknown-fields']) return [];
  if (schema['x-kubernetes-int-or-string']) {
    const fits = Number.isInteger(value) || typeof value === 'string';
    return fits ? [] : [{ path, message: `must be a whole number or text, not ${typeOf(value)}` }];
  }
  if (schema.type !== undefined && typeOf(value) !== schema.type) {
    return [{ path, message: `must be of type ${schema.type}, not ${typeOf(value)}` }];
  }
  if (isObject(value)) return objectIssues(schema, value, path);
  if (Array.isArray(value)) return listIssues(schema, value, path);
  const message = scalarFault(schema, value);
  return message === undefined ? [] : [{ path, message }];
}

function objectIssues(schema: Schema, value: Record<string, unknown>, path: string): TaskIssue[] {
  const issues: TaskIssue[] = [];
  for (const key of schema.required ?? []) {
    if (value[key] === undefined) issues.push({ path: memberPath(path, key), message: 'is required' });
  }
  for (const [key, member] of Object.entries(schema.properties ?? {})) {
    if (value[key] !== undefined) issues.push(...schemaIssues(member, value[key], memberPath(path, key)));
  }
  if (schema.additionalProperties) {
    const keys = Object.keys(value);
    if (schema.maxProperties !== undefined && keys.length > schema.maxProperties) {
      issues.push({ path, message: `has ${keys.length} members, at most ${schema.maxProperties} are allowed` });
    }
    for (const key of keys)
      issues.push(...schemaIssues(schema.additionalProperties, value[key], memberPath(path, key)));
  }
  return issues;
}

function listIssues(schema: Schema, value: readonly unknown[], path: string): TaskIssue[] {
  if (schema.maxItems !== undefined && value.length > schema.maxItems) {
    return [{ path, message: `has ${value.length} items, at most ${schema.maxItems} are allowed` }];
  }
  const items = schema.items;
  return items ? value.flatMap((item, index) => schemaIssues(items, item, `${path}[${index}]`)) : [];
}

function scalarFault(schema: Schema, value: unknown): string | undefined {
  if (typeof value === 'string') return textFault(schema, value);
  if (typeof value !== 'number') return undefined;
  if (schema.minimum !== undefined && value < schema.minimum) return `${value} is below ${schema.minimum}`;
  if (schema.maximum !== undefined && value > schema.maximum) return `${value} is above ${schema.maximum}`;
  return undefined;
}

/** Lengths count code points, as the API server's do. */
function textFault(schema: Schema, value: string): string | undefined {
  if (schema.enum && !schema.enum.includes(value)) {
    return `${JSON.stringify(value)} is not supported: use one of ${schema.enum.join(', ')}`;
  }
  if (schema.minLength !== undefined && value.length < schema.minLength) return 'must not be empty';
  if (schema.maxLength !== undefined && value.length > schema.maxLength) {
    const length = [...value].length;
    if (length > schema.maxLength) return `has ${length} characters, at most ${schema.maxLength} are allowed`;
  }
  return undefined;
}
