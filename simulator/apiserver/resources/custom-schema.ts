/** What a custom resource's schema does to its objects: pruning, defaults, validation. */
import type { CustomRules } from '../resource.ts';

export function schemaRules(
  _schema: Record<string, unknown>,
): Pick<CustomRules, 'prune' | 'applyDefaults' | 'validate'> {
  return {
    prune: (object) => ({ object, unknown: [] }),
    applyDefaults: (object) => object,
    validate: () => [],
  };
}
