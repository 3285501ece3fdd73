/**
 * One pod on this node: starts, watches, restarts and stops its containers as `lifecycle.ts` plans it, and reports its
 * status until it has gone. All that happens to it passes through `#look`, which asks for the plan and carries it out.
 */

import type { KubernetesClient } from '../../kubernetes/client.ts';
import type { EventRecorder } from '../../kubernetes/event-recorder.ts';
import type { Pod } from '../../kubernetes/objects.ts';
import type { Timer } from '../../world/clock.ts';
import type { World } from '../../world/world.ts';
import {
  beginning,
  type ContainerFacts,
  crashLooping,
  type Exit,
  ended,
  initialFacts,
  podText,
  refused,
  running,
  startFailed,
} from './container-facts.ts';
import { type ContainerStarter, StartRefusedError } from './container-starter.ts';
import { type Plan, planFor, restarts, type Step, type Stopping } from './lifecycle.ts';
import { deadlineMessage, type PodStatus, statusOf } from './pod-status.ts';
import { canAsk } from './probe-handlers.ts';
import { ContainerProbes } from './probes.ts';
import type { RunningContainer } from './runtimes/runtime.ts';
import { startErrorExitCode } from './runtimes/start-error.ts';
import { StatusWriter } from './status-writer.ts';

/** What the pods of a node share. */
export interface NodeServices {
  readonly world: World;
  readonly client: KubernetesClient;
  readonly recorder: EventRecorder;
  readonly starter: ContainerStarter;
  readonly nodeName: string;
  readonly hostAddress: string;
  /** Takes an address for a pod, and gives it back. */
  addressFor(pod: Pod): string;
  releaseAddress(address: string, pod: Pod): void;
}

const defaultGraceSeconds = 30;
/** A failed pull shows as ErrImagePull for so long, then as ImagePullBackOff until the next try. */
const pullErrorShownMs = 1_000;

export class PodWorker {
  readonly #node: NodeServices;
  readonly #startedAt: number;
  readonly #address: string;
  readonly #writer: StatusWriter;
  readonly #handles = new Map<string, RunningContainer>();
  readonly #probes = new Map<string, ContainerProbes>();
  readonly #terminating = new Set<string>();
  #pod: Pod;
  #facts: readonly ContainerFacts[];
  #reported: readonly ContainerFacts[] | undefined;
  #stopping: Stopping | undefined;
  #status: PodStatus | undefined;
  #timer: Timer | undefined;
  /** Its last status has been told. */
  #isOver = false;
  #isClosed = false;

  constructor(node: NodeServices, pod: Pod) {
    const now = node.world.clock.now();
    this.#node = node;
    this.#pod = pod;
    this.#facts = initialFacts(pod, now);
    this.#startedAt = pod.status?.startTime ? Date.parse(pod.status.startTime) : now;
    this.#address = pod.status?.podIP ?? node.addressFor(pod);
    this.#writer = new StatusWriter(node.world, node.client, pod);
  }

  get pod(): Pod {
    return this.#pod;
  }

  /** What is known of a container. */
  factsOf(container: string): ContainerFacts | undefined {
    return this.#facts.find(({ name }) => name === container);
  }

  /** Begins, once. */
  start(): void {
    this.#look();
  }

  /** A newer version of the pod. */
  update(pod: Pod): void {
    this.#pod = pod;
    this.#look();
  }

  /** The pod has gone from the API server, or the node stops: what runs is killed. Resolves when nothing runs. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#timer?.cancel();
    this.#writer.stop();
    for (const probes of this.#probes.values()) probes.stop();
    const handles = [...this.#handles.values()];
    for (const handle of handles) handle.kill();
    await Promise.all(handles.map(({ exited }) => exited));
    this.#node.releaseAddress(this.#address, this.#pod);
  }

  #look(): void {
    if (this.#isClosed) return;
    if (this.#isOver || (isTerminal(this.#pod) && this.#status === undefined)) {
      // A terminal phase never changes.
      this.#isOver = true;
      if (this.#pod.metadata?.deletionTimestamp) this.#writer.remove();
      return;
    }
    this.#decideToStop();
    const plan = planFor(this.#pod, this.#facts, this.#now, this.#stopping);
    for (const step of plan.steps) this.#carryOut(step);
    if (plan.completed && !plan.finished && !this.#stopping) this.#stopAll('completed');
    this.#wakeAt(plan);
    this.#report(plan.finished);
  }

  #decideToStop(): void {
    const deadlineAt = this.#deadlineAt();
    if (this.#pod.metadata?.deletionTimestamp) this.#stopDeleted();
    else if (deadlineAt !== undefined && this.#now >= deadlineAt && !this.#stopping) {
      this.#stopAll('deadline');
      this.#node.recorder.event(this.#pod, 'Warning', 'DeadlineExceeded', deadlineMessage);
    }
  }

  /** A second deletion may shorten the grace, never prolong it. */
  #stopDeleted(): void {
    const graceMs = 1000 * (this.#pod.metadata?.deletionGracePeriodSeconds ?? defaultGraceSeconds);
    const killAt = Math.min(this.#stopping?.killAt ?? Number.POSITIVE_INFINITY, this.#now + graceMs);
    if (this.#stopping?.cause === 'deadline') this.#stopping = { cause: 'deadline', killAt };
    else this.#stopping = { cause: 'deleted', killAt };
  }

  #stopAll(cause: Stopping['cause']): void {
    const graceMs = 1000 * (this.#pod.spec?.terminationGracePeriodSeconds ?? defaultGraceSeconds);
    this.#stopping = { cause, killAt: this.#now + graceMs };
    const plan = planFor(this.#pod, this.#facts, this.#now, this.#stopping);
    for (const step of plan.steps) this.#carryOut(step);
    this.#wakeAt(plan);
  }

  #deadlineAt(): number | undefined {
    const seconds = this.#pod.spec?.activeDeadlineSeconds;
    return seconds === undefined ? undefined : this.#startedAt + 1000 * seconds;
  }

  #wakeAt(plan: Plan): void {
    this.#timer?.cancel();
    const deadlineAt = this.#stopping ? undefined : this.#deadlineAt();
    const instant = Math.min(plan.wakeAt ?? Number.POSITIVE_INFINITY, deadlineAt ?? Number.POSITIVE_INFINITY);
    if (plan.finished || !Number.isFinite(instant)) return;
    this.#timer = this.#node.world.clock.after(instant - this.#now, () => this.#look());
  }

  #carryOut(step: Step): void {
    const facts = this.factsOf(step.name);
    if (!facts) return;
    switch (step.do) {
      case 'start':
        this.#change(beginning(facts));
        void this.#startContainer(facts);
        break;
      case 'back off': {
        this.#change(crashLooping(facts, this.#pod, step.until));
        const message = `Back-off restarting failed container ${step.name} in pod ${podText(this.#pod)}`;
        this.#node.recorder.event(this.#pod, 'Warning', 'BackOff', message, `spec.containers{${step.name}}`);
        break;
      }
      case 'terminate':
        this.#terminate(step.name);
        break;
      case 'kill':
        this.#handles.get(step.name)?.kill();
        break;
    }
  }

  async #startContainer(before: ContainerFacts): Promise<void> {
    const { name } = before;
    const instance = before.containerId === undefined ? 0 : before.restartCount + 1;
    try {
      const started = await this.#node.starter.start({
        pod: this.#pod,
        container: name,
        address: this.#address,
        instance,
        pulls: before.pulls,
        isWanted: () => !this.#isClosed && this.#stopping === undefined,
      });
      if (started && 'handle' in started) this.#containerRuns(name, started.containerId, started.handle);
      else if (started) this.#startFailed(name, started.containerId, started.startError);
      else this.#withFacts(name, (facts) => ({ ...facts, starting: false }));
    } catch (error) {
      this.#startRefused(name, error);
    }
    this.#look();
  }

  #containerRuns(name: string, containerId: string, handle: RunningContainer): void {
    this.#handles.set(name, handle);
    this.#withFacts(name, (facts) => running(facts, containerId, this.#now));
    this.#beginProbing(name, handle);
    if (this.#isClosed) handle.kill();
    void handle.exited.then((exit) => this.#containerEnded(name, exit));
  }

  #startFailed(name: string, containerId: string, message: string): void {
    this.#withFacts(name, (facts) => {
      const isRestarted = this.#stopping === undefined && restarts(this.#pod, facts, startErrorExitCode);
      return startFailed(facts, { containerId, message, isRestarted }, this.#now);
    });
  }

  #beginProbing(name: string, handle: RunningContainer): void {
    const container = this.#container(name);
    if (!container) return;
    this.#withFacts(name, (facts) => ({
      ...facts,
      ...(canAsk(container.startupProbe) ? { hasStarted: false } : {}),
      ...(canAsk(container.readinessProbe) ? { ready: false } : {}),
    }));
    const probes = new ContainerProbes({
      world: this.#node.world,
      container,
      handle,
      address: this.#address,
      onChange: (change) => {
        this.#withFacts(name, (facts) => ({ ...facts, ...change }));
        this.#look();
      },
      onUnhealthy: (kind, probe) => {
        const { terminationGracePeriodSeconds: own } = probe;
        const graceSeconds = own ?? this.#pod.spec?.terminationGracePeriodSeconds ?? defaultGraceSeconds;
        const message = `Container ${name} failed ${kind.toLowerCase()} probe, will be restarted`;
        this.#terminate(name, message);
        this.#node.world.clock.after(1000 * graceSeconds, () => handle.kill());
      },
      onFailure: (text) => {
        this.#node.recorder.event(this.#pod, 'Warning', 'Unhealthy', text, `spec.containers{${name}}`);
      },
    });
    this.#probes.set(name, probes);
    probes.start();
  }

  #stopProbing(name: string): void {
    this.#probes.get(name)?.stop();
    this.#probes.delete(name);
  }

  #containerEnded(name: string, exit: Exit): void {
    this.#handles.delete(name);
    this.#stopProbing(name);
    this.#terminating.delete(name);
    this.#withFacts(name, (facts) => ended(facts, exit, this.#now));
    this.#look();
  }

  #startRefused(name: string, error: unknown): void {
    const retryAt = (delayMs: number) => this.#now + delayMs;
    if (!(error instanceof StartRefusedError)) {
      this.#withFacts(name, (facts) => refused(facts, 'CreateContainerError', String(error), retryAt(10_000)));
      return;
    }
    const { reason, message, pulls, retryAfterMs } = error;
    this.#withFacts(name, (facts) => ({
      ...refused(facts, reason, message, retryAt(retryAfterMs)),
      ...(pulls ? { pulls } : {}),
    }));
    if (reason === 'ErrImagePull') {
      this.#node.world.clock.after(pullErrorShownMs, () => this.#showPullBackOff(name, message));
    }
  }

  #showPullBackOff(name: string, failure: string): void {
    if (this.#isClosed || this.factsOf(name)?.state.waiting?.reason !== 'ErrImagePull') return;
    const message = this.#node.starter.pullBackOff(this.#pod, name, failure);
    this.#withFacts(name, (facts) => ({ ...facts, state: { waiting: { reason: 'ImagePullBackOff', message } } }));
    this.#look();
  }

  /** SIGTERM, once, after the sleep that a preStop hook asks for. */
  #terminate(name: string, why: string = `Stopping container ${name}`): void {
    const handle = this.#handles.get(name);
    if (!handle || this.#terminating.has(name)) return;
    this.#terminating.add(name);
    const { recorder, world } = this.#node;
    recorder.event(this.#pod, 'Normal', 'Killing', why, `spec.containers{${name}}`);
    const sleepMs = 1000 * (this.#container(name)?.lifecycle?.preStop?.sleep?.seconds ?? 0);
    if (sleepMs === 0) handle.terminate();
    else world.clock.after(sleepMs, () => handle.terminate());
  }

  #container(name: string) {
    const { initContainers = [], containers = [] } = this.#pod.spec ?? {};
    return [...initContainers, ...containers].find((container) => container.name === name);
  }

  #report(finished: boolean): void {
    const isDeleted = this.#pod.metadata?.deletionTimestamp !== undefined;
    // The deletion mark itself is nothing to report.
    if (isDeleted && !finished && this.#facts === this.#reported) return;
    this.#reported = this.#facts;
    this.#status = statusOf({
      pod: this.#pod,
      containers: this.#facts,
      now: this.#now,
      startedAt: this.#startedAt,
      hostAddress: this.#node.hostAddress,
      ...(this.#facts.some((facts) => facts.containerId !== undefined) ? { podAddress: this.#address } : {}),
      ...(this.#stopping ? { stopping: this.#stopping } : {}),
      finished,
      ...(this.#status ? { before: this.#status } : {}),
    });
    this.#writer.write(this.#status);
    this.#isOver = finished;
    if (finished && isDeleted) this.#writer.remove();
  }

  #withFacts(name: string, change: (facts: ContainerFacts) => ContainerFacts): void {
    const facts = this.factsOf(name);
    if (facts) this.#change(change(facts));
  }

  #change(changed: ContainerFacts): void {
    this.#facts = this.#facts.map((facts) => (facts.name === changed.name ? changed : facts));
  }

  get #now(): number {
    return this.#node.world.clock.now();
  }
}

function isTerminal(pod: Pod): boolean {
  return pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed';
}
