/** The second phase of a scenario: what happens. */

import { isTaskState, isTerminal } from '../../fabric/task/state.ts';
import { type TaskSpec, tasks } from '../../fabric/task/task.ts';
import { jobs } from '../../kubernetes/resources.ts';
import { type ApiFault, describeApiFault, isApiFault } from '../../simulator/apiserver/faults/fault.ts';
import type { NetworkFault } from '../../world/simulated/faults.ts';
import { describeFault } from '../../world/simulated/faults.ts';
import { durationMs } from '../documents/duration.ts';
import { type Environment, type FabricService, fabricServices, type SentRequest } from '../environments/environment.ts';
import { parseInjectedFault } from '../faults/faults.ts';
import { jobsOf, type Recording } from '../recording/recording.ts';
import { checkMembers, checkTaskWish, checkWord } from './check-fields.ts';
import { ConditionNotMetError, InstantPassedError } from './errors.ts';
import { GatewayRequests } from './gateway-requests.ts';
import type { TaskReference } from './given.ts';
import { instantMs } from './instant.ts';
import type { StepLog } from './step-log.ts';

/** A condition with its words. */
export interface Condition {
  readonly words: string;
  isMet(recording: Recording): boolean;
  /** What there is instead, for the message of a timeout; counts of Jobs and Pods when absent. */
  seen?(recording: Recording): string;
}

const POLL_MS = 1000;

export class When extends GatewayRequests {
  readonly #environment: Environment;
  readonly #steps: StepLog;

  constructor(environment: Environment, steps: StepLog) {
    super(environment, steps);
    this.#environment = environment;
    this.#steps = steps;
  }

  /** `10m`, `1h30m`: lets that much of the environment's time pass. */
  async timePasses(duration: string): Promise<void> {
    this.#steps.add('when', `${duration} pass`);
    await this.#environment.clock.sleep(durationMs(duration));
  }

  /**
   * Lets time pass until that instant (ISO 8601), which must lie ahead: a scenario that comes too late shows nothing.
   */
  async timeReaches(instant: string): Promise<void> {
    this.#steps.add('when', `it is ${instant}`);
    const now = this.#environment.clock.now();
    const restMs = instantMs(instant) - now;
    if (!(restMs >= 0)) throw new InstantPassedError(instant, now);
    await this.#environment.clock.sleep(restMs);
  }

  /** Lets time pass until the condition holds. */
  async until(condition: Condition, deadline = '1h'): Promise<void> {
    checkMembers('when.until', condition, ['words', 'isMet', 'seen']);
    this.#steps.add('when', `time passes until ${condition.words}`);
    const { clock, recording } = this.#environment;
    const deadlineMs = durationMs(deadline);
    const end = clock.now() + deadlineMs;
    while (!condition.isMet(recording)) {
      if (clock.now() >= end) {
        const seen = condition.seen ?? (({ jobs, pods }) => `${jobs.length} Jobs, ${pods.length} Pods`);
        throw new ConditionNotMetError(condition.words, deadlineMs, seen(recording));
      }
      await clock.sleep(POLL_MS);
    }
  }

  /** Waits for the number of Jobs that a Task has started. */
  async started(task: TaskReference, count: number, deadline = '1h'): Promise<void> {
    const runs = (recording: Recording) => jobsOf(recording, task.name).length;
    const condition: Condition = {
      words: `${task.name} has started ${count} runs`,
      isMet: (recording) => runs(recording) >= count,
      seen: (recording) => `${runs(recording)} runs`,
    };
    await this.until(condition, deadline);
  }

  /** Waits until each run of the Task has a record in an end state. */
  async recorded(task: TaskReference, deadline = '1h'): Promise<void> {
    const environment = this.#environment;
    const { clock } = environment;
    this.#steps.add('when', `time passes until ${task.name} is recorded as ended`);
    const deadlineMs = durationMs(deadline);
    for (const end = clock.now() + deadlineMs; ; await clock.sleep(POLL_MS)) {
      await environment.collect();
      const own = environment.recording.records.filter(({ name, scheduleName }) =>
        [name, scheduleName].includes(task.name),
      );
      if (own.length > 0 && own.every(({ state }) => isTaskState(state) && isTerminal(state))) return;
      const seen = own.map(({ state }) => state).join(', ') || 'no record';
      if (clock.now() >= end) throw new ConditionNotMetError(`${task.name} is recorded as ended`, deadlineMs, seen);
    }
  }

  /** Posts JSON to a server that a pod runs, as soon as it answers; resolves with the answer's text. */
  async called(url: string, body: object, deadline: string): Promise<string> {
    this.#steps.add('when', `${url} is called with ${JSON.stringify(body)}`);
    const { clock } = this.#environment;
    const server = this.#environment.reach(url);
    const deadlineMs = durationMs(deadline);
    for (const end = clock.now() + deadlineMs; ; await clock.sleep(POLL_MS)) {
      try {
        const answer = await this.#environment.settle(server.fetch('', { method: 'POST', body: JSON.stringify(body) }));
        return answer.text;
      } catch (error) {
        if (clock.now() >= end) throw new ConditionNotMetError(`${url} answers`, deadlineMs, String(error));
      }
    }
  }

  async suspended(task: TaskReference): Promise<void> {
    await this.changed(task, { suspend: true }, 'is suspended');
  }

  async resumed(task: TaskReference): Promise<void> {
    await this.changed(task, { suspend: false }, 'is resumed');
  }

  /** Merges into the Task's spec. */
  async changed(task: TaskReference, spec: Partial<TaskSpec>, words = `gets ${JSON.stringify(spec)}`): Promise<void> {
    checkTaskWish(`when.changed('${task.name}')`, spec, { script: false });
    this.#steps.add('when', `${task.name} ${words}`);
    const { kubernetes } = this.#environment;
    await this.#environment.settle(kubernetes.patch(tasks, task.namespace, task.name, 'merge', { spec }));
  }

  async deleted(task: TaskReference): Promise<void> {
    this.#steps.add('when', `${task.name} is deleted`);
    await this.#environment.settle(this.#environment.kubernetes.delete(tasks, task.namespace, task.name));
  }

  /** The service ends at once, as after SIGKILL or a lost machine. */
  async dies(service: FabricService): Promise<void> {
    checkWord('when.dies', service, fabricServices);
    this.#steps.add('when', `the ${service} dies`);
    await this.#environment.faults.kill(service);
  }

  async comesBack(service: FabricService): Promise<void> {
    checkWord('when.comesBack', service, fabricServices);
    this.#steps.add('when', `the ${service} comes back`);
    await this.#environment.settle(this.#environment.faults.start(service));
  }

  /** The service dies just before its `count`th request that matches leaves it. */
  diesAt(service: FabricService, words: string, matches: (request: SentRequest) => boolean, count = 1): void {
    checkWord('when.diesAt', service, fabricServices);
    this.#steps.add('when', `the ${service} dies as it is about to ${words}`);
    this.#environment.faults.killAtRequest(service, matches, count);
  }

  /** A fault of the network, or of the Kubernetes API; the function heals it. */
  fault(wanted: NetworkFault | ApiFault): () => void {
    const fault = parseInjectedFault(wanted);
    const [where, words] = isApiFault(fault)
      ? ['the Kubernetes API', describeApiFault(fault).replace(/^API:? ?/, '')]
      : ['the network', describeFault(fault)];
    this.#steps.add('when', `on ${where} ${words}`);
    const heal = this.#environment.faults.inject(fault);
    return () => {
      this.#steps.add('when', `${where} heals (${words})`);
      heal();
    };
  }

  /** A Job is deleted, and what it owns in that way. */
  async jobDeleted(job: TaskReference, propagationPolicy: 'Background' | 'Foreground' | 'Orphan'): Promise<void> {
    this.#steps.add('when', `the Job ${job.name} is deleted (${propagationPolicy})`);
    const { kubernetes } = this.#environment;
    await this.#environment.settle(kubernetes.delete(jobs, job.namespace, job.name, { propagationPolicy }));
  }
}
