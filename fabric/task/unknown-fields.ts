/**
 * Fields that a schema does not know. An API server prunes them, with a warning at best; whoever takes a Task at
 * another door refuses them, or a misspelt policy would pass for one that was never given.
 */
import { memberPath } from './check-schema.ts';
import type { TaskIssue } from './errors.ts';
import { didYouMean } from './nearest-name.ts';
import type { Schema } from './schema.ts';

/** Each with its path and the known field that it is nearest to. */
export function unknownFields(schema: Schema, value: unknown, path: string): TaskIssue[] {
  if (Array.isArray(value)) {
    const { items } = schema;
    return items ? value.flatMap((item, index) => unknownFields(items, item, `${path}[${index}]`)) : [];
  }
  if (typeof value !== 'object' || value === null) return [];
  const { properties, additionalProperties } = schema;
  return Object.entries(value).flatMap(([name, member]) => {
    const at = memberPath(path, name);
    const known = properties && Object.hasOwn(properties, name) ? properties[name] : additionalProperties;
    if (known) return unknownFields(known, member, at);
    if (!properties) return [];
    return [{ path: at, message: `is no field${didYouMean(name, Object.keys(properties))}` }];
  });
}
