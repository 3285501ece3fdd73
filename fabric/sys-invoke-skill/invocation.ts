/**
 * What a run of a scheduled agent is told: its payload, which holds no credential, and what its pod tells it of itself.
 * Pure.
 */

/** The payload of the Task: the last argument of each of its runs. */
export interface ScheduledInvocation {
  /** Base URL of the gateway, as pods reach it. */
  readonly apiEndpoint: string;
  readonly project: string;
  readonly agent: string;
  readonly service: string;
  /** Name of the schedule's Task; the correlation id of all its activations. */
  readonly schedule: string;
  /** What the service is invoked with. */
  readonly body: Readonly<Record<string, unknown>>;
}

/** Variables of the run's container that Kubernetes fills in from the pod itself. */
export const podVariables = {
  podName: 'FABRIC_POD_NAME',
  podUid: 'FABRIC_POD_UID',
} as const;

/** Which pod the program runs in. */
export interface OwnPod {
  readonly name: string;
  readonly uid: string;
}

/** Thrown when the program was not started as the run of a schedule. */
export class InvocationFormatError extends Error {
  override readonly name = 'InvocationFormatError';

  constructor(what: string) {
    super(`${what}: sys-invoke-skill is started by the schedule of an agent and by nothing else`);
  }
}

/** Throws InvocationFormatError. */
export function invocationOf(argument: string | undefined): ScheduledInvocation {
  const value = parsed(argument);
  const texts = ['apiEndpoint', 'project', 'agent', 'service', 'schedule'] as const;
  const missing = texts.find((name) => typeof value[name] !== 'string' || value[name] === '');
  if (missing !== undefined) throw new InvocationFormatError(`the payload has no ${missing}`);
  if (!URL.canParse(value.apiEndpoint as string)) throw new InvocationFormatError('apiEndpoint is no URL');
  if (!isObject(value.body)) throw new InvocationFormatError('the payload has no body');
  return value as unknown as ScheduledInvocation;
}

/** Throws InvocationFormatError. */
export function ownPodOf(environment: Readonly<Record<string, string | undefined>>): OwnPod {
  const name = environment[podVariables.podName];
  const uid = environment[podVariables.podUid];
  if (!name || !uid) throw new InvocationFormatError(`${podVariables.podName} or ${podVariables.podUid} is missing`);
  return { name, uid };
}

function parsed(argument: string | undefined): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(argument ?? '');
    if (isObject(value)) return value;
  } catch {
    // Said below.
  }
  throw new InvocationFormatError('the last argument is no JSON object');
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
