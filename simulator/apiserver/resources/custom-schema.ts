/** What a custom resource's schema does to its objects: pruning, defaults, validation, rules. */
import type { ApiObject } from '../json.ts';
import type { CustomRules } from '../resource.ts';
import type { JsonObject } from '../schema/json.ts';
import { applyDefaults, pruneUnknown, validateAgainstSchema, validateRules } from '../schema/structural.ts';

type SchemaRules = Pick<CustomRules, 'prune' | 'applyDefaults' | 'validate'>;

/** The rules of one version, by its openAPIV3Schema. */
export function schemaRules(openApiSchema: Record<string, unknown>): SchemaRules {
  const schema = openApiSchema as JsonObject;
  const json = (object: ApiObject) => object as unknown as JsonObject;
  return {
    prune(object) {
      const pruned = pruneUnknown(json(object), schema);
      return { object: pruned.object as unknown as ApiObject, unknown: pruned.unknown };
    },
    applyDefaults: (object) => applyDefaults(json(object), schema) as unknown as ApiObject,
    validate(object, old) {
      const before = old && json(old);
      const errors = validateAgainstSchema(json(object), schema, before);
      return [...errors, ...validateRules(json(object), before, schema, errors)];
    },
  };
}
