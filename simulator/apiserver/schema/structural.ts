/**
 * The door to schemas of custom resources. The order of a write: `pruneUnknown`, `applyDefaults`,
 * `validateAgainstSchema`, then `validateRules` with the errors so far.
 */
export { checkRules, hasRules, validateRules } from './cel.ts';
export { checkStructuralSchema } from './check.ts';
export { applyDefaults } from './defaults.ts';
export type { Pruned } from './prune.ts';
export { pruneUnknown } from './prune.ts';
export type { Schema } from './schema-node.ts';
export { validateAgainstSchema } from './validate.ts';
