/**
 * The operator. May import `fabric/task`, `kubernetes/`, `cron/` and `world/`; nothing of gateway or content, which it
 * knows by URL. Begin reading at `operator.ts`.
 */
export { installDefinitions } from './install.ts';
export { type OperatorOptions, type RunningOperator, startOperator } from './operator.ts';
export type { TaskRecord } from './run/record.ts';
