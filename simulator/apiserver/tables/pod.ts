/** Pods: the STATUS column is an algorithm of its own (semantics 4.6; upstream printPod). */
import type { ContainerStatus, Pod } from '../../../kubernetes/objects.ts';
import { ageColumn, column, nameColumn, orNone, type Printer, wide } from './columns.ts';
import { sinceText } from './duration.ts';

/** What the containers add up to. */
interface Summary {
  reason: string;
  ready: number;
  restarts: number;
  /** When a container last ended before a restart; empty if unknown. */
  lastRestart: string;
}

type Terminated = NonNullable<NonNullable<ContainerStatus['state']>['terminated']>;

export const podPrinter: Printer<Pod> = {
  columns: [
    nameColumn,
    column('Ready', 'Containers that are ready, of all that should be.'),
    column('Status', 'State of the pod, derived from its phase and its containers.'),
    column('Restarts', 'Restarts of containers, and when the last one was.'),
    ageColumn,
    wide('IP', 'Address of the pod.'),
    wide('Node', 'Node that the pod is bound to.'),
    wide('Nominated Node', 'Node on which room is being made for the pod.'),
    wide('Readiness Gates', 'Conditions of the readiness gates that are true, of all.'),
  ],
  cells(pod, nowMs) {
    const { spec, status, metadata } = pod;
    const summary = summarize(pod);
    const all = (spec?.containers ?? []).length + sidecarNames(pod).size;
    const ago = summary.restarts !== 0 && summary.lastRestart !== '';
    return [
      metadata?.name ?? '',
      `${summary.ready}/${all}`,
      summary.reason,
      ago ? `${summary.restarts} (${sinceText(summary.lastRestart, nowMs)} ago)` : String(summary.restarts),
      sinceText(metadata?.creationTimestamp, nowMs),
      orNone(status?.podIPs?.[0]?.ip),
      orNone(spec?.nodeName),
      orNone(status?.nominatedNodeName),
      readinessGates(pod),
    ];
  },
  conditions(pod) {
    if (pod.status?.phase === 'Succeeded') return [completed('Succeeded', 'The pod has completed successfully.')];
    if (pod.status?.phase === 'Failed') return [completed('Failed', 'The pod failed.')];
    return undefined;
  },
};

function completed(reason: string, message: string) {
  return { type: 'Completed', status: 'True', reason, message } as const;
}

function sidecarNames(pod: Pod): ReadonlySet<string> {
  const sidecars = (pod.spec?.initContainers ?? []).filter((container) => container.restartPolicy === 'Always');
  return new Set(sidecars.map((container) => container.name));
}

function hasCondition(pod: Pod, type: string): boolean {
  return (pod.status?.conditions ?? []).some((condition) => condition.type === type && condition.status === 'True');
}

function summarize(pod: Pod): Summary {
  const { status, metadata } = pod;
  const gated = (status?.conditions ?? []).some(
    (condition) => condition.type === 'PodScheduled' && condition.reason === 'SchedulingGated',
  );
  const phase = status?.phase ?? '';
  const start = gated ? 'SchedulingGated' : status?.reason || phase;
  const init = afterInit(pod, { reason: start, ready: 0, restarts: 0, lastRestart: '' });
  const summary = !init.initializing || hasCondition(pod, 'Initialized') ? afterMain(pod, init) : init.summary;
  if (metadata?.deletionTimestamp === undefined) return summary;
  if (status?.reason === 'NodeLost') return { ...summary, reason: 'Unknown' };
  return phase === 'Succeeded' || phase === 'Failed' ? summary : { ...summary, reason: 'Terminating' };
}

interface InitOutcome {
  readonly summary: Summary;
  /** Restarts of sidecars alone: what counts once the pod is initialized. */
  readonly sidecars: Summary;
  readonly initializing: boolean;
}

/** Goes through the init containers up to the first that has not done its part. */
function afterInit(pod: Pod, start: Summary): InitOutcome {
  const names = sidecarNames(pod);
  const summary = { ...start };
  const sidecars = { ...start };
  const total = (pod.spec?.initContainers ?? []).length;
  for (const [index, container] of (pod.status?.initContainerStatuses ?? []).entries()) {
    const isSidecar = names.has(container.name);
    countRestarts(summary, container);
    if (isSidecar) countRestarts(sidecars, container);
    if (container.state?.terminated?.exitCode === 0) continue;
    if (isSidecar && container.started) {
      if (container.ready) summary.ready += 1;
      continue;
    }
    summary.reason = initReason(container, index, total);
    return { summary, sidecars, initializing: true };
  }
  return { summary, sidecars, initializing: false };
}

function countRestarts(summary: Summary, container: ContainerStatus): void {
  summary.restarts += container.restartCount ?? 0;
  const finished = container.lastState?.terminated?.finishedAt ?? '';
  if (finished !== '' && (summary.lastRestart === '' || Date.parse(finished) > Date.parse(summary.lastRestart))) {
    summary.lastRestart = finished;
  }
}

function initReason(container: ContainerStatus, index: number, total: number): string {
  const { terminated, waiting } = container.state ?? {};
  if (terminated) return `Init:${endReason(terminated)}`;
  if (waiting?.reason && waiting.reason !== 'PodInitializing') return `Init:${waiting.reason}`;
  return `Init:${index}/${total}`;
}

function endReason(terminated: Terminated): string {
  return terminated.reason || (terminated.signal ? `Signal:${terminated.signal}` : `ExitCode:${terminated.exitCode}`);
}

/** Main containers are read from the last to the first, so that the first one's reason stands. */
function afterMain(pod: Pod, init: InitOutcome): Summary {
  const { restarts, lastRestart } = init.sidecars;
  const summary = { ...init.summary, restarts, lastRestart };
  let running = false;
  let errorReason = '';
  for (const container of (pod.status?.containerStatuses ?? []).toReversed()) {
    const { waiting, terminated, running: isRunning } = container.state ?? {};
    countRestarts(summary, container);
    if (waiting?.reason) summary.reason = waiting.reason;
    else if (terminated) {
      summary.reason = endReason(terminated);
      if (terminated.exitCode !== 0) errorReason = summary.reason;
    } else if (container.ready && isRunning) {
      running = true;
      summary.ready += 1;
    }
  }
  if (summary.reason === 'Completed') summary.reason = correctedCompleted(pod, running, errorReason);
  return summary;
}

/** One container that completed does not make the pod complete while another runs or failed. */
function correctedCompleted(pod: Pod, running: boolean, errorReason: string): string {
  if (running && hasCondition(pod, 'Ready')) return 'Running';
  if (errorReason !== '') return errorReason;
  return running ? 'NotReady' : 'Completed';
}

function readinessGates(pod: Pod): string {
  const gates = pod.spec?.readinessGates ?? [];
  if (gates.length === 0) return '<none>';
  return `${gates.filter((gate) => hasCondition(pod, gate.conditionType)).length}/${gates.length}`;
}
