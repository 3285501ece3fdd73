/**
 * The Task resource: its types and schemas, its names and states, and what it becomes on a cluster. Pure; imports
 * `kubernetes/` (types) and `cron/` only. Begin reading at `manifest.ts`.
 */
export { artifactsPrefix, artifactsVariable } from './artifacts.ts';
export { taskIssues } from './check.ts';
export { definitions } from './crd.ts';
export { TaskError, type TaskIssue } from './errors.ts';
export * from './labels.ts';
export { type Manifest, manifestFor, manifestHash } from './manifest.ts';
export { isRunName, labelValue, logKey, onceLogFolder, runName, taskNameFor } from './names.ts';
export { argumentBytesMax, escapeArgument, unescapeArgument } from './payload.ts';
export { isPersisted, jobTypeOf, taskNameOf, taskSpecOf } from './read-back.ts';
export { scheduleOf } from './schedule.ts';
export { taskSpecSchema } from './schema.ts';
export * from './state.ts';
export * from './task.ts';
export { unknownFields } from './unknown-fields.ts';
