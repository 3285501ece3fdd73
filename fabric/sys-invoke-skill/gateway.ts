/**
 * The gateway as a run of a schedule asks it: with a credential of the run's own that is fetched when it is needed, and
 * again and again while the gateway is away.
 */
import { deadlineSignal } from '../../world/clock.ts';
import type { World } from '../../world/world.ts';
import type { OwnPod, ScheduledInvocation } from './invocation.ts';

/** One request; the gateway answers each of these at once. */
const requestDeadlineMs = 30_000;
const firstRetryMs = 500;
const longestRetryMs = 10_000;

/** The gateway has answered, and the answer is no. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** The gateway has given no answer for too long. */
export class GatewayAwayError extends Error {
  override readonly name = 'GatewayAwayError';
}

export interface RunCredential {
  readonly token: string;
  /** The activation that this run begins, whether it has begun or not. */
  readonly activationId: string;
  /** Asked twice with it, the service is invoked once. */
  readonly idempotencyKey: string;
}

export interface RunGatewayOptions {
  readonly world: World;
  readonly invocation: ScheduledInvocation;
  readonly pod: OwnPod;
  /** How long it may be away at a time. */
  readonly patienceMs: number;
  /** Known from before. */
  readonly credential?: RunCredential;
}

type Body = Readonly<Record<string, unknown>>;

export class RunGateway {
  readonly #options: RunGatewayOptions;
  #credential: RunCredential | undefined;

  constructor(options: RunGatewayOptions) {
    this.#options = options;
    this.#credential = options.credential;
  }

  /** What is known of this run's credential; undefined before the gateway has first given one. */
  get credential(): RunCredential | undefined {
    return this.#credential;
  }

  /** Invokes the service; resolves with the activation's id. RefusedError, GatewayAwayError, or the signal's reason. */
  async invoke(signal: AbortSignal): Promise<string> {
    const { agent, service, body, schedule } = this.#options.invocation;
    const path = `agentinvoke/${encodeURIComponent(agent)}/services/${encodeURIComponent(service)}?sync=false`;
    const answer = await this.#ask('POST', path, signal, { ...body, correlationId: schedule });
    if (typeof answer.activationId !== 'string') throw new RefusedError(200, 'the gateway named no activation');
    return answer.activationId;
  }

  /** The activation's record. Rejects as `invoke` does. */
  activation(id: string, signal: AbortSignal): Promise<Body> {
    return this.#ask('GET', `activations/${encodeURIComponent(id)}`, signal);
  }

  /** Rejects as `invoke` does; with the status 404 when there is none, with 409 when it has ended. */
  async cancel(id: string, signal: AbortSignal): Promise<void> {
    await this.#ask('POST', `activations/${encodeURIComponent(id)}/cancel`, signal);
  }

  /** Asks with the credential; one that is not taken any more is fetched anew. */
  async #ask(method: string, path: string, signal: AbortSignal, body?: Body): Promise<Body> {
    const { project } = this.#options.invocation;
    const url = `fabric/v4/projects/${encodeURIComponent(project)}/${path}`;
    for (let isFresh = false; ; ) {
      if (!this.#credential) {
        this.#credential = await this.#fetchCredential(signal);
        isFresh = true;
      }
      const { token, idempotencyKey } = this.#credential;
      const headers = { authorization: `Bearer ${token}`, 'idempotency-key': idempotencyKey };
      try {
        return await this.#untilAnswered(method, url, headers, body, signal);
      } catch (error) {
        if (!(error instanceof RefusedError) || error.status !== 401 || isFresh) throw error;
        this.#credential = undefined;
      }
    }
  }

  async #fetchCredential(signal: AbortSignal): Promise<RunCredential> {
    const { pod } = this.#options;
    const path = `internal/runs/${encodeURIComponent(pod.uid)}/token`;
    const answer = await this.#untilAnswered('POST', path, {}, { pod: pod.name }, signal);
    return answer as unknown as RunCredential;
  }

  async #untilAnswered(
    method: string,
    path: string,
    headers: Readonly<Record<string, string>>,
    body: Body | undefined,
    signal: AbortSignal,
  ): Promise<Body> {
    const { world, patienceMs } = this.#options;
    const since = world.clock.now();
    for (let waitMs = firstRetryMs; ; waitMs = Math.min(waitMs * 2, longestRetryMs)) {
      const answer = await this.#once(method, path, headers, body, signal);
      signal.throwIfAborted();
      if ('body' in answer) return answer.body;
      const awayMs = world.clock.now() - since;
      if (awayMs + waitMs > patienceMs) {
        throw new GatewayAwayError(`the gateway has not answered for ${Math.round(awayMs / 1000)} s: ${answer.fault}`);
      }
      world.log.warn('the gateway does not answer: asked again', { path, error: answer.fault, waitMs });
      await world.clock.sleep(waitMs, signal);
    }
  }

  /** A fault is one that passes. */
  async #once(
    method: string,
    path: string,
    headers: Readonly<Record<string, string>>,
    body: Body | undefined,
    parent: AbortSignal,
  ): Promise<{ readonly body: Body } | { readonly fault: string }> {
    const { world, invocation } = this.#options;
    const { signal, clear } = deadlineSignal(world.clock, requestDeadlineMs, `${method} /${path}`, parent);
    try {
      const response = await world.network.fetch(`${invocation.apiEndpoint.replace(/\/+$/, '')}/${path}`, {
        method,
        signal,
        headers: { ...headers, ...(body ? { 'content-type': 'application/json' } : {}) },
        ...(body ? { body: JSON.stringify(body) } : {}),
      });
      const text = await response.text();
      const { status } = response;
      if (status >= 500 || status === 429) return { fault: `status ${status}: ${messageOf(text)}` };
      if (status >= 400) throw new RefusedError(status, messageOf(text));
      return { body: JSON.parse(text) as Body };
    } catch (error) {
      if (error instanceof RefusedError) throw error;
      return { fault: error instanceof Error ? error.message : String(error) };
    } finally {
      clear();
    }
  }
}

function messageOf(text: string): string {
  try {
    const { message } = JSON.parse(text) as { message?: unknown };
    if (typeof message === 'string') return message;
  } catch {
    // Something stands before the gateway that speaks otherwise.
  }
  return text.slice(0, 200);
}
