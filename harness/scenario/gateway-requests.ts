/**
 * What clients ask of the gateway, as steps of a scenario: plain requests, skills and agents, and what becomes of their
 * activations.
 */

import { durationMs } from '../documents/duration.ts';
import type { Environment, GatewayAccess, GatewayAnswer, GatewayRequest } from '../environments/environment.ts';
import type { ListedActivation, ShownActivation } from './activation.ts';
import { checkMembers } from './check-fields.ts';
import { ConditionNotMetError } from './errors.ts';
import { scenarioProject, type TaskReference } from './given.ts';
import type { StepLog } from './step-log.ts';

const POLL_MS = 1000;
const project = `/fabric/v4/projects/${scenarioProject}`;

export class GatewayRequests {
  readonly #environment: Environment;
  readonly #steps: StepLog;

  constructor(environment: Environment, steps: StepLog) {
    this.#environment = environment;
    this.#steps = steps;
  }

  /** A request to the gateway as a client sends it. */
  async asked(path: string, init: GatewayRequest = {}): Promise<GatewayAnswer> {
    checkMembers(`when.asked('${path}')`, init, ['method', 'body', 'headers']);
    this.#steps.add('when', `the gateway is asked ${init.method ?? 'GET'} ${path}`);
    return this.#fetch(path, init);
  }

  /** An agent's service `input` is invoked; resolves with the activation's id. Throws when the gateway refuses. */
  async agentInvoked(
    agent: string,
    payload: unknown = {},
    more: Readonly<Record<string, unknown>> = {},
  ): Promise<string> {
    const path = `${project}/agentinvoke/${encodeURIComponent(agent)}/services/input?sync=false`;
    return this.#invoked(path, `agent ${agent} is invoked`, { payload, ...more });
  }

  /** An agent's service `input` is scheduled; resolves with the schedule's Task. Throws when the gateway refuses. */
  async agentScheduled(
    agent: string,
    cron: string,
    { name, ...body }: { readonly name?: string; readonly payload?: unknown } = {},
  ): Promise<TaskReference> {
    const query = new URLSearchParams({ scheduleCron: cron, ...(name === undefined ? {} : { scheduleName: name }) });
    const path = `${project}/agentinvoke/${encodeURIComponent(agent)}/services/input?${query}`;
    const answer = await this.#posted(path, `agent ${agent} is scheduled by ${cron}`, body);
    const { taskName } = JSON.parse(answer) as { taskName: string };
    return { name: taskName, namespace: this.#environment.namespace };
  }

  /** A skill's input `request` is invoked; resolves with the activation's id. Throws when the gateway refuses. */
  async skillInvoked(
    skill: string,
    payload: unknown = {},
    more: Readonly<Record<string, unknown>> = {},
  ): Promise<string> {
    const path = `${project}/skillinvoke/${encodeURIComponent(skill)}/inputs/request?sync=false`;
    return this.#invoked(path, `skill ${skill} is invoked`, { payload, ...more });
  }

  async #invoked(path: string, words: string, body: object): Promise<string> {
    return (JSON.parse(await this.#posted(path, words, body)) as { activationId: string }).activationId;
  }

  async #posted(path: string, words: string, body: object): Promise<string> {
    this.#steps.add('when', words);
    const answer = await this.#fetch(path, { method: 'POST', body: JSON.stringify(body) });
    if (answer.status !== 200) throw new Error(`${words}: the gateway answers ${answer.status} ${answer.text}`);
    return answer.text;
  }

  /** The activations that carry the correlation id, the oldest first. */
  async activationsOf(correlationId: string): Promise<ListedActivation[]> {
    const path = `${project}/activations?correlationId=${correlationId}&limit=2000`;
    const { text } = await this.#fetch(path);
    const { activations } = JSON.parse(text) as { activations: ListedActivation[] };
    return activations.sort((left, right) => left.start - right.start);
  }

  /** What the gateway says of an activation, with its transits. */
  async activation(id: string): Promise<ShownActivation> {
    const path = `${project}/activations/${id}?verbose=true`;
    return JSON.parse((await this.#fetch(path)).text) as ShownActivation;
  }

  /** Waits until all daemons of a skill are ready. */
  async skillReady(skill: string, deadline = '5m'): Promise<void> {
    this.#steps.add('when', `time passes until skill ${skill} is ready`);
    const path = `${project}/skills/${encodeURIComponent(skill)}?status=true`;
    await this.#poll<true>(`skill ${skill} is ready`, deadline, async () => {
      const { text } = await this.#fetch(path);
      const { actionStatuses = [] } = JSON.parse(text) as { actionStatuses?: readonly { readonly state: string }[] };
      const isReady = actionStatuses.length > 0 && actionStatuses.every(({ state }) => state === 'READY');
      return isReady ? { found: true } : { seen: text };
    });
  }

  /** Waits until an activation has ended; resolves with what the gateway says of it then. */
  async activationEnded(id: string, deadline = '5m'): Promise<ShownActivation> {
    return this.activationShows(id, 'has ended', ({ status }) => status !== 'STARTED', deadline);
  }

  /** Waits until what the gateway says of an activation is as it should be; resolves with that. */
  async activationShows(
    id: string,
    words: string,
    holds: (activation: ShownActivation) => boolean,
    deadline = '5m',
  ): Promise<ShownActivation> {
    this.#steps.add('when', `time passes until activation ${id} ${words}`);
    return this.#poll<ShownActivation>(`activation ${id} ${words}`, deadline, async () => {
      const shown = await this.activation(id);
      if (holds(shown)) return { found: shown };
      const transits = shown.transits.map(({ name, status }) => `${name} ${status}`).join(', ') || 'no transit';
      return { seen: `${shown.status}: ${transits}` };
    });
  }

  /** Requests that leave in one instant, to the gateway or to managed content; their answers in the same order. */
  async askedAtOnce(
    service: 'gateway' | 'content',
    words: string,
    requests: readonly (GatewayRequest & { readonly path: string })[],
  ): Promise<GatewayAnswer[]> {
    this.#steps.add('when', `${requests.length} requests at once: ${words}`);
    const access = this.#environment[service];
    if (!access) throw new Error(`this scenario runs without ${service}: nothing can be asked of it`);
    return this.#environment.settle(Promise.all(requests.map(({ path, ...init }) => access.fetch(path, init))));
  }

  /** Asks until it finds; throws with what was seen instead when the deadline has passed. */
  async #poll<T>(
    words: string,
    deadline: string,
    ask: () => Promise<{ readonly found: T } | { readonly seen: string }>,
  ): Promise<T> {
    const { clock } = this.#environment;
    const deadlineMs = durationMs(deadline);
    for (const end = clock.now() + deadlineMs; ; await clock.sleep(POLL_MS)) {
      const answer = await ask();
      if ('found' in answer) return answer.found;
      if (clock.now() >= end) throw new ConditionNotMetError(words, deadlineMs, answer.seen);
    }
  }

  #fetch(path: string, init?: GatewayRequest): Promise<GatewayAnswer> {
    return this.#environment.settle(this.#gateway.fetch(path, init));
  }

  get #gateway(): GatewayAccess {
    const { gateway } = this.#environment;
    if (!gateway) throw new Error('this scenario runs without a gateway: nothing can be asked of it');
    return gateway;
  }
}
