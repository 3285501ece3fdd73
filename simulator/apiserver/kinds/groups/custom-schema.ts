/** What a custom resource's schema does to its objects: pruning, defaults, validation, rules. */

import { ownMember } from '../../../../world/members.ts';
import type { FieldError } from '../../errors.ts';
import type { ApiObject } from '../../json.ts';
import { isObject, type Json, type JsonObject } from '../../schema/json.ts';
import { applyDefaults, pruneUnknown, validateAgainstSchema, validateRules } from '../../schema/structural.ts';
import type { CustomRules } from '../resource.ts';

type SchemaRules = Pick<CustomRules, 'prune' | 'applyDefaults' | 'validate'>;

/** The rules of one version, by its openAPIV3Schema. */
export function schemaRules(openApiSchema: Record<string, unknown>, scalePath: string | undefined): SchemaRules {
  const schema = openApiSchema as JsonObject;
  const json = (object: ApiObject) => object as unknown as JsonObject;
  return {
    prune(object) {
      const pruned = pruneUnknown(json(object), schema);
      return { object: pruned.object as unknown as ApiObject, unknown: pruned.unknown };
    },
    applyDefaults: (object) => applyDefaults(json(object), schema) as unknown as ApiObject,
    validate(object, old, earlier = []) {
      const before = old && json(old);
      const errors = validateAgainstSchema(json(object), schema, before);
      const scale = scaleErrors(json(object), scalePath);
      return [...errors, ...scale, ...validateRules(json(object), before, schema, [...earlier, ...errors])];
    },
  };
}

/** Replicas must be a number that is not negative, in an object that is one. */
function scaleErrors(object: JsonObject, path: string | undefined): FieldError[] {
  if (path === undefined) return [];
  let value: Json | undefined = object;
  for (const member of path.split('.').filter((each) => each !== '')) {
    if (value === undefined || value === null) return [];
    if (!isObject(value)) {
      const why = `${path} accessor error: ${String(value)} is of the type ${typeof value}, expected map[string]interface{}`;
      return [{ reason: 'FieldValueInvalid', field: path, message: `Invalid value: 0: ${why}` }];
    }
    value = ownMember(value, member);
  }
  if (typeof value !== 'number' || value >= 0) return [];
  return [
    { reason: 'FieldValueInvalid', field: path, message: `Invalid value: ${value}: should be a non-negative integer` },
  ];
}
