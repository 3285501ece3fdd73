/** All refusals of the gateway in one table: reason, HTTP status and message (the body is that of contract 2.3). */
import { Problem, type ProblemDetail } from '../http/index.ts';

const quoted = (text: string): string => JSON.stringify(text);

/** Each says what was given, why it is refused and, where it is not plain, what to do. */
export const problems = {
  unauthenticated: (reason: string) =>
    new Problem(401, 'unauthenticated', `not let in: ${reason}`, [], {
      'x-auth-error': reason,
      'www-authenticate': 'Bearer',
    }),
  notForUsers: () => new Problem(403, 'not-for-users', 'this route is for Fabric’s own services'),
  projectNotYours: (name: string) =>
    new Problem(
      400,
      'project-not-yours',
      `project ${quoted(name)} is not among those that you may see: ask for it first`,
    ),
  invalidProjectName: (why: string) => new Problem(400, 'invalid-project-name', why),
  invalidGraphql: (why: string) => new Problem(400, 'invalid-graphql', why),
  projectNotFound: (name: string) => new Problem(404, 'project-not-found', `no project ${quoted(name)}`),
  taskNotFound: (name: string, project: string) =>
    new Problem(404, 'task-not-found', `no task ${quoted(name)} in project ${project}`),
  notASchedule: (name: string) =>
    new Problem(
      409,
      'not-a-schedule',
      `task ${quoted(name)} has no schedule: only schedules can be paused and resumed`,
    ),
  notRunnable: (name: string) =>
    new Problem(
      409,
      'not-a-schedule',
      `task ${quoted(name)} has no schedule: only schedules are run outside of their times; restart what has ended`,
    ),
  notTakenUp: (name: string) =>
    new Problem(
      409,
      'not-taken-up',
      `schedule ${quoted(name)} has no cronjob (yet): try again in a moment, or see in its status why the operator refuses it`,
    ),
  runActive: (name: string, run: string) =>
    new Problem(
      409,
      'run-active',
      `schedule ${quoted(name)} forbids runs at the same time, and ${quoted(run)} has not ended: wait for it or delete it`,
    ),
  isASchedule: (name: string) =>
    new Problem(409, 'is-a-schedule', `task ${quoted(name)} is a schedule: only its runs can be restarted`),
  notEnded: (name: string, state: string) =>
    new Problem(409, 'not-ended', `task ${quoted(name)} is ${state}: only what has ended can be restarted`),
  nameTaken: (name: string, holder: string) =>
    new Problem(
      409,
      'name-taken',
      `the task would be called ${quoted(name)}, which ${holder} is called already: choose another name`,
    ),
  stillDeleted: (name: string) =>
    new Problem(409, 'still-deleted', `schedule ${quoted(name)} is being deleted: try again in a moment`),
  systemSkillTaken: (name: string, holder: string) =>
    new Problem(
      409,
      'system-skill-taken',
      `skill ${quoted(name)} of user ${quoted(holder)} has the name of Fabric’s own: delete it first`,
    ),
  idempotencyKeyTaken: () =>
    new Problem(
      409,
      'idempotency-key-taken',
      'the header Idempotency-Key holds the key of an invocation of something else: choose another one',
    ),
  invalidBody: (details: readonly ProblemDetail[]) => new Problem(400, 'invalid-body', 'Invalid body', details),
  invalidDocument: (kind: string, details: readonly ProblemDetail[]) =>
    new Problem(400, `invalid-${kind}`, `Invalid ${kind}`, details),
  documentNotFound: (kind: string, name: string, project: string) =>
    new Problem(404, `${kind}-not-found`, `no ${kind} ${quoted(name)} in project ${project}`),
  /** The existing command line shows the users as a table, and reads nothing but 403 so (contract 2.3). */
  inUse: (kind: string, name: string, users: readonly { readonly type: string; readonly name: string }[]) =>
    new Problem(
      403,
      'in-use',
      `${kind} ${quoted(name)} is in use: delete or change first what needs it`,
      users.map((user) => ({ ...user, path: ['name'], message: `${user.type} ${quoted(user.name)} needs it` })),
    ),
  ofTheSystem: (kind: string, name: string) =>
    new Problem(403, 'of-the-system', `${kind} ${quoted(name)} belongs to Fabric itself: choose another name`, [
      { type: 'system', name: 'Fabric', path: ['name'], message: 'Fabric itself needs it' },
    ]),
  notDeployable: (name: string, details: readonly ProblemDetail[]) =>
    new Problem(
      400,
      'not-deployable',
      `${quoted(name)} cannot be deployed: ${details.map(({ message }) => message).join('; ')}`,
      details,
    ),
  serviceNotFound: (service: string, agent: string) =>
    new Problem(404, 'service-not-found', `agent ${quoted(agent)} has no service ${quoted(service)}`),
  inputNotFound: (input: string, skill: string) =>
    new Problem(404, 'input-not-found', `skill ${quoted(skill)} has no input ${quoted(input)}`),
  outputNotFound: (output: string, skill: string) =>
    new Problem(400, 'output-not-found', `skill ${quoted(skill)} has no output ${quoted(output)}`),
  activationNotFound: (id: string) => new Problem(404, 'activation-not-found', `no activation ${quoted(id)}`),
  channelNotFound: (channel: string, id: string) =>
    new Problem(404, 'channel-not-found', `activation ${quoted(id)} has no channel ${quoted(channel)}`),
  activationEnded: (id: string, status: string) =>
    new Problem(409, 'activation-ended', `activation ${quoted(id)} has ended: ${status}`),
  /** One answer to all that is wrong: nothing is learnt by trying. */
  runNotFound: () => new Problem(404, 'run-not-found', 'no run of a schedule has that pod'),
  userMayNot: (username: string, project: string) =>
    new Problem(
      403,
      'user-may-not',
      `user ${quoted(username)} may not see project ${quoted(project)} any more: let somebody schedule the agent who may`,
    ),
  reservedSkill: (name: string) =>
    new Problem(400, 'reserved-skill', `skill ${quoted(name)} is Fabric's own: schedule an agent instead`),
  sessionTooLarge: (id: string, bytes: number, maximum: number) =>
    new Problem(
      413,
      'session-too-large',
      `session ${quoted(id)} would hold ${bytes} bytes of JSON: at most ${maximum}; keep large things in managed content`,
    ),
  invalidSecretKey: (key: string) =>
    new Problem(
      400,
      'invalid-secret-key',
      `${quoted(key.slice(0, 80))} is no key of a secret: letters, digits and _, with single . / - in between, at most 253 characters`,
    ),
  noSecretValue: () =>
    new Problem(400, 'no-secret-value', 'the body must hold the value of the secret: {"value": ...}, or bare JSON'),
  secretNotReadable: (key: string) =>
    new Problem(
      409,
      'secret-not-readable',
      `secret ${quoted(key)} was sealed with another key than this gateway has: save it again`,
    ),
  secretOfConnectionNotFound: (key: string, connection: string) =>
    new Problem(
      404,
      'secret-not-found',
      `connection ${quoted(connection)} refers to secret ${quoted(key)}, which is not there`,
    ),
  invalidTask: (details: readonly ProblemDetail[]) => new Problem(400, 'invalid-task', 'Invalid task', details),
  invalidQuery: (details: readonly ProblemDetail[]) => new Problem(400, 'invalid-query', 'Invalid query', details),
  invalidRecord: (why: string) => new Problem(400, 'invalid-record', `the record cannot be taken: ${why}`),
  invalidPatch: () => new Problem(400, 'invalid-patch', 'the body must be {"suspend": true} or {"suspend": false}'),
  wrongMethod: (method: string, path: string, allowed: string) =>
    new Problem(405, 'wrong-method', `${method} ${path} is not possible: use ${allowed}`),
  notBuilt: (method: string, path: string) =>
    new Problem(501, 'not-built', `${method} ${path} is a route of the contract that this gateway does not have`),
  noCluster: (what: string) =>
    new Problem(501, 'no-cluster', `${what} needs a cluster, and this gateway was started without one`),
  logInCluster: (name: string) =>
    new Problem(
      409,
      'log-in-cluster',
      `the log of task ${quoted(name)} is kept in the cluster, where it has no rows: ask for it as text, or with raw=true`,
    ),
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
