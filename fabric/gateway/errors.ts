/** All refusals of the gateway in one table: reason, HTTP status and message (the body is that of contract 2.3). */
import { Problem, type ProblemDetail } from '../http/index.ts';

const quoted = (text: string): string => JSON.stringify(text);

/** Each says what was given, why it is refused and, where it is not plain, what to do. */
export const problems = {
  taskNotFound: (name: string, project: string) =>
    new Problem(404, 'task-not-found', `no task ${quoted(name)} in project ${project}`),
  notASchedule: (name: string) =>
    new Problem(
      409,
      'not-a-schedule',
      `task ${quoted(name)} has no schedule: only schedules can be paused and resumed`,
    ),
  nameTaken: (name: string, holder: string) =>
    new Problem(
      409,
      'name-taken',
      `the task would be called ${quoted(name)}, which ${holder} is called already: choose another name`,
    ),
  invalidTask: (details: readonly ProblemDetail[]) => new Problem(400, 'invalid-task', 'Invalid task', details),
  invalidQuery: (details: readonly ProblemDetail[]) => new Problem(400, 'invalid-query', 'Invalid query', details),
  invalidRecord: (why: string) => new Problem(400, 'invalid-record', `the record cannot be taken: ${why}`),
  invalidPatch: () => new Problem(400, 'invalid-patch', 'the body must be {"suspend": true} or {"suspend": false}'),
  wrongMethod: (method: string, path: string, allowed: string) =>
    new Problem(405, 'wrong-method', `${method} ${path} is not possible: use ${allowed}`),
  notBuilt: (method: string, path: string) =>
    new Problem(501, 'not-built', `${method} ${path} is a route of the gateway that is not built yet`),
  noCluster: (what: string) =>
    new Problem(501, 'no-cluster', `${what} needs a cluster, and this gateway was started without one`),
  noContent: () =>
    new Problem(
      501,
      'no-content',
      'this gateway was started without managed content: start it with the URL of that service',
    ),
  contentAway: (why: string) => new Problem(502, 'content-away', `managed content does not answer: ${why}`),
  clusterRefused: (status: number, message: string) =>
    new Problem(status, 'cluster-refused', `the cluster refused it: ${message}`),
  clusterAway: (why: string) => new Problem(502, 'cluster-away', `the cluster does not answer: ${why}`),
} as const;
