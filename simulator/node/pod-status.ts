/** The status of a pod as the kubelet reports it: phase, conditions, container statuses (semantics 4.1, 4.2, 4.4). */
import type { ContainerStatus, Pod, PodCondition } from '../../kubernetes/objects.ts';
import { type ContainerFacts, lostContainer } from './container-facts.ts';
import { isActive, restarts, type Stopping } from './lifecycle.ts';
import { wireTime } from './times.ts';

export type PodStatus = NonNullable<Pod['status']>;
export type Phase = 'Pending' | 'Running' | 'Succeeded' | 'Failed';

export interface StatusInput {
  readonly pod: Pod;
  readonly containers: readonly ContainerFacts[];
  readonly now: number;
  readonly startedAt: number;
  readonly hostAddress: string;
  /** Once the pod has a network. */
  readonly podAddress?: string;
  readonly stopping?: Stopping;
  /** Nothing runs and nothing will. */
  readonly finished: boolean;
  /** What was reported last; transitions are counted from there. */
  readonly before?: PodStatus;
}

export function statusOf(input: StatusInput): PodStatus {
  const containers = input.finished ? input.containers.map((facts) => settled(facts, input)) : input.containers;
  const phase = phaseOf(input.pod, containers, input.finished, input.stopping);
  const { hostAddress, podAddress } = input;
  const exceeded = input.finished && input.stopping?.cause === 'deadline';
  const init = containers.filter(({ role }) => role !== 'main').map(containerStatus);
  return {
    ...observed(input.pod),
    phase,
    ...(exceeded ? { reason: 'DeadlineExceeded', message: deadlineMessage } : {}),
    conditions: conditionsOf(input, containers, phase),
    hostIP: hostAddress,
    hostIPs: [{ ip: hostAddress }],
    ...(podAddress === undefined ? {} : { podIP: podAddress, podIPs: [{ ip: podAddress }] }),
    startTime: wireTime(input.startedAt),
    ...(init.length > 0 ? { initContainerStatuses: init } : {}),
    containerStatuses: containers.filter(({ role }) => role === 'main').map(containerStatus),
  };
}

export const deadlineMessage = 'Pod was active on the node longer than the specified deadline';

/** Containers of a finished pod have ended; one that never began is as lost as one that cannot be found. */
function settled(facts: ContainerFacts, input: StatusInput): ContainerFacts {
  if (facts.state.terminated) return facts;
  // Only a pod that was stopped loses containers; after a failed init container the others just never ran.
  if (!input.stopping || input.stopping.cause === 'completed') return facts;
  return { ...facts, state: { terminated: facts.last ?? lostContainer(undefined, input.now) } };
}

/** Upstream kubelet getPhase. */
export function phaseOf(
  pod: Pod,
  containers: readonly ContainerFacts[],
  finished: boolean,
  stopping?: Stopping,
): Phase {
  if (finished) return stopping?.cause === 'deadline' ? 'Failed' : finalPhase(containers);
  const mains = containers.filter(({ role }) => role === 'main');
  if (!isInitialised(containers)) return 'Pending';
  if (mains.some((main) => main.state.waiting && !main.last)) return 'Pending';
  if (mains.some((main) => main.state.running)) return 'Running';
  const over = mains.every(({ state, ...facts }) => {
    const { terminated } = state;
    return terminated !== undefined && !restarts(pod, { state, ...facts }, terminated.exitCode);
  });
  // A terminal phase is told only when nothing runs any more: sidecars may.
  if (over && !containers.some(isActive) && !stopping) return finalPhase(containers);
  return 'Running';
}

function finalPhase(containers: readonly ContainerFacts[]): Phase {
  const decisive = containers.filter(({ role }) => role !== 'sidecar');
  return decisive.every(({ state }) => state.terminated?.exitCode === 0) ? 'Succeeded' : 'Failed';
}

function isInitialised(containers: readonly ContainerFacts[]): boolean {
  return containers.every((facts) => facts.role === 'main' || isInitDone(facts));
}

function isInitDone({ role, state, containerId }: ContainerFacts): boolean {
  return role === 'sidecar' ? containerId !== undefined : state.terminated?.exitCode === 0;
}

function containerStatus(facts: ContainerFacts): ContainerStatus {
  const { state, last } = facts;
  const isReady = facts.role === 'init' ? state.terminated?.exitCode === 0 : isRunningAndReady(facts);
  return {
    name: facts.name,
    image: facts.image,
    imageID: facts.containerId === undefined ? '' : `orrery://${facts.image}`,
    state,
    lastState: last && last !== state.terminated ? { terminated: last } : {},
    ready: isReady,
    started: state.running !== undefined && facts.hasStarted !== false,
    restartCount: facts.restartCount,
    ...(facts.containerId === undefined ? {} : { containerID: facts.containerId }),
  };
}

function isRunningAndReady({ state, ready, hasStarted }: ContainerFacts): boolean {
  return state.running !== undefined && ready !== false && hasStarted !== false;
}

interface Verdict {
  readonly status: 'True' | 'False';
  readonly reason?: string;
  readonly message?: string;
}

const met: Verdict = { status: 'True' };

function conditionsOf(input: StatusInput, containers: readonly ContainerFacts[], phase: Phase): PodCondition[] {
  const ready = readiness(containers, phase);
  const verdicts: readonly (readonly [string, Verdict])[] = [
    ['PodReadyToStartContainers', input.podAddress !== undefined && !input.finished ? met : { status: 'False' }],
    ['Initialized', initialisation(containers, phase)],
    ['Ready', ready],
    ['ContainersReady', ready],
    ['PodScheduled', met],
  ];
  return verdicts.map(([type, verdict]) => condition(type, verdict, input));
}

function condition(type: string, verdict: Verdict, input: StatusInput): PodCondition {
  const known = (input.before?.conditions ?? input.pod.status?.conditions ?? []).find((one) => one.type === type);
  const unchanged = known?.status === verdict.status && known.lastTransitionTime !== undefined;
  return {
    type,
    ...observed(input.pod),
    ...verdict,
    lastTransitionTime: unchanged && known.lastTransitionTime ? known.lastTransitionTime : wireTime(input.now),
  };
}

function initialisation(containers: readonly ContainerFacts[], phase: Phase): Verdict {
  const open = containers.filter((facts) => facts.role !== 'main' && !isInitDone(facts)).map(({ name }) => name);
  if (open.length === 0) return phase === 'Succeeded' ? { ...met, reason: 'PodCompleted' } : met;
  return {
    status: 'False',
    reason: 'ContainersNotInitialized',
    message: `containers with incomplete status: [${open.join(' ')}]`,
  };
}

function readiness(containers: readonly ContainerFacts[], phase: Phase): Verdict {
  if (phase === 'Succeeded') return { status: 'False', reason: 'PodCompleted' };
  if (phase === 'Failed') return { status: 'False', reason: 'PodFailed' };
  const unready = containers
    .filter((facts) => facts.role !== 'init' && !isRunningAndReady(facts))
    .map(({ name }) => name);
  if (unready.length === 0) return met;
  const message = `containers with unready status: [${unready.join(' ')}]`;
  return { status: 'False', reason: 'ContainersNotReady', message };
}

function observed(pod: Pod): { readonly observedGeneration?: number } {
  const generation = pod.metadata?.generation;
  return generation === undefined ? {} : { observedGeneration: generation };
}
