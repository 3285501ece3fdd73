/** What the agent knows of each container of a pod, and how it changes: values and pure functions. */
import type { Container, ContainerStatus, Pod } from '../../kubernetes/objects.ts';
import { type BackOff, durationText, nextBackOff } from './back-off.ts';
import { startErrorExitCode } from './runtimes/start-error.ts';
import { wireTime } from './times.ts';

export type ContainerState = NonNullable<ContainerStatus['state']>;
export type Terminated = NonNullable<ContainerState['terminated']>;

export interface ContainerFacts {
  readonly name: string;
  /** A sidecar is an init container that is always restarted. */
  readonly role: 'init' | 'sidecar' | 'main';
  readonly image: string;
  readonly state: ContainerState;
  /** How the instance before the present one ended. */
  readonly last?: Terminated;
  readonly restartCount: number;
  /** Of the present or last instance; undefined before the first. */
  readonly containerId?: string;
  /** Its start is under way. */
  readonly starting: boolean;
  /** Earliest next try to start, epoch ms. */
  readonly retryAt?: number;
  readonly crashes?: BackOff;
  readonly pulls?: BackOff;
  /** What its readiness probe says; a container without one is ready as soon as it runs. */
  readonly ready?: boolean;
  /** What its startup probe says; a container without one has started as soon as it runs. */
  readonly hasStarted?: boolean;
}

export interface Exit {
  readonly exitCode: number;
  /** Number of the signal that ended it. */
  readonly signal?: number;
  readonly message?: string;
}

export function containersOf(pod: Pod): { readonly container: Container; readonly role: ContainerFacts['role'] }[] {
  const init = (pod.spec?.initContainers ?? []).map((container) => ({
    container,
    role: container.restartPolicy === 'Always' ? ('sidecar' as const) : ('init' as const),
  }));
  return [...init, ...(pod.spec?.containers ?? []).map((container) => ({ container, role: 'main' as const }))];
}

/** Facts of a pod that has just been bound, or of one whose agent was restarted and finds its status. */
export function initialFacts(pod: Pod, now: number): ContainerFacts[] {
  const statuses = [...(pod.status?.initContainerStatuses ?? []), ...(pod.status?.containerStatuses ?? [])];
  const waiting = waitingToBegin(pod);
  return containersOf(pod).map(({ container, role }) => {
    const base = { name: container.name, role, image: container.image ?? '', starting: false };
    const status = statuses.find((candidate) => candidate.name === container.name);
    if (!status?.containerID) return { ...base, state: waiting, restartCount: 0 };
    return {
      ...base,
      state: adoptedState(status, now),
      restartCount: status.restartCount,
      containerId: status.containerID,
      ...(status.lastState?.terminated ? { last: status.lastState.terminated } : {}),
    };
  });
}

/**
 * Containers do not outlive their agent here: what ran is lost, as the kubelet reports containers that it cannot find.
 */
function adoptedState(status: ContainerStatus, now: number): ContainerState {
  if (status.state?.terminated) return status.state;
  if (status.state?.waiting && status.lastState?.terminated) return { terminated: status.lastState.terminated };
  return { terminated: lostContainer(status.state?.running?.startedAt, now) };
}

export function lostContainer(startedAt: string | undefined, now: number): Terminated {
  return {
    exitCode: 137,
    reason: 'ContainerStatusUnknown',
    message: 'The container could not be located when the pod was terminated',
    ...(startedAt === undefined ? {} : { startedAt }),
    finishedAt: wireTime(now),
  };
}

function waitingToBegin(pod: Pod): ContainerState {
  const hasInit = (pod.spec?.initContainers ?? []).length > 0;
  return { waiting: { reason: hasInit ? 'PodInitializing' : 'ContainerCreating' } };
}

export function beginning(facts: ContainerFacts): ContainerFacts {
  const { retryAt: _, ...rest } = facts;
  return { ...rest, starting: true };
}

export function running(facts: ContainerFacts, containerId: string, now: number): ContainerFacts {
  const last = facts.state.terminated ?? facts.last;
  const crash = facts.containerId === undefined ? undefined : last;
  return {
    ...facts,
    starting: false,
    state: { running: { startedAt: wireTime(now) } },
    containerId,
    restartCount: facts.containerId === undefined ? 0 : facts.restartCount + 1,
    ...(last ? { last } : {}),
    ...(crash ? { crashes: nextBackOff(facts.crashes, finishedAt(crash, now), now) } : {}),
  };
}

export function ended(facts: ContainerFacts, exit: Exit, now: number): ContainerFacts {
  const startedAt = facts.state.running?.startedAt ?? wireTime(now);
  const { message } = exit;
  return {
    ...facts,
    starting: false,
    state: {
      terminated: {
        exitCode: exit.exitCode,
        ...(exit.signal === undefined ? {} : { signal: exit.signal }),
        reason: exit.exitCode === 0 ? 'Completed' : 'Error',
        ...(message === undefined || message === '' ? {} : { message }),
        startedAt,
        finishedAt: wireTime(now),
        ...(facts.containerId === undefined ? {} : { containerID: facts.containerId }),
      },
    },
  };
}

/** The waiting reason of a container that could not be started and will be tried again. */
export const runContainerError = 'RunContainerError';

/** So long that is shown, before the back-off is. */
const startErrorShownMs = 1_000;
/** Of what never ran. */
const neverStartedAt = '1970-01-01T00:00:00Z';

/**
 * It was made, and its program could not be run. With `isRestarted` it waits for its next try, the present one being
 * its last state. (Upstream: containerd internal/cri/server/container_start.go; kubelet convertStatusToAPIStatus.)
 */
export function startFailed(
  facts: ContainerFacts,
  failure: { readonly containerId: string; readonly message: string; readonly isRestarted: boolean },
  now: number,
): ContainerFacts {
  const { containerId: containerID, message, isRestarted } = failure;
  const terminated: Terminated = {
    exitCode: startErrorExitCode,
    reason: 'StartError',
    message,
    startedAt: neverStartedAt,
    finishedAt: wireTime(now),
    containerID,
  };
  const begun = running(facts, containerID, now);
  if (!isRestarted) return { ...begun, state: { terminated } };
  const retryAt = now + startErrorShownMs;
  return { ...begun, state: { waiting: { reason: runContainerError, message } }, last: terminated, retryAt };
}

/** Not started this time: `reason` is what kubectl shows. */
export function refused(facts: ContainerFacts, reason: string, message: string, retryAt: number): ContainerFacts {
  const last = facts.state.terminated ?? facts.last;
  return {
    ...facts,
    starting: false,
    state: { waiting: { reason, ...(message === '' ? {} : { message }) } },
    retryAt,
    ...(last ? { last } : {}),
  };
}

/** Waits for its restart. */
export function crashLooping(facts: ContainerFacts, pod: Pod, until: number): ContainerFacts {
  const delay = durationText(facts.crashes?.delayMs ?? 0);
  const message = `back-off ${delay} restarting failed container=${facts.name} pod=${podText(pod)}`;
  return refused(facts, 'CrashLoopBackOff', message, until);
}

/** The kubelet's name of a pod in messages: `name_namespace(uid)`. */
export function podText(pod: Pod): string {
  return `${pod.metadata?.name}_${pod.metadata?.namespace}(${pod.metadata?.uid})`;
}

/** When it ended, epoch ms; `now` for one that says nothing. */
export function finishedAt(terminated: Terminated, now: number): number {
  return terminated.finishedAt === undefined ? now : Date.parse(terminated.finishedAt);
}
