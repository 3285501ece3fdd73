/** Requests to the gateway as the configured user: JSON calls, and streams up and down. */
import { DeadlineExceededError, deadlineSignal } from '../../../world/clock.ts';
import { isObject, jsonOrUndefined, pathOfSegments } from '../../http/index.ts';
import { CommandError } from '../errors.ts';
import type { Access } from '../settings/access.ts';
import type { Surroundings } from '../surroundings.ts';
import { refusalOf } from './refusal.ts';

/** Valid as long as the longest request may take to be read by the gateway. */
const tokenLifetimeMs = 2 * 60_000;
/** For the first byte of an answer; an invocation that is waited for is padded by the gateway. */
const answerDeadlineMs = 60_000;
const infoDeadlineMs = 5_000;

export type Answer = Awaited<ReturnType<Surroundings['world']['network']['fetch']>>;

export interface Request {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'HEAD';
  /** What is undefined is left out. */
  readonly query?: Readonly<Record<string, string | undefined>>;
  /** Sent as JSON. */
  readonly json?: unknown;
  /** Sent as it comes, without a length. */
  readonly stream?: AsyncIterable<Uint8Array>;
  readonly headers?: Readonly<Record<string, string>>;
  /** Names what is asked for in messages: `task x`. */
  readonly about?: string;
}

export interface GatewayClient {
  readonly url: string;
  /** The project of the flags, the environment or the profile. CommandError when none is configured. */
  readonly project: string;
  /** The path in the project of these segments, each encoded. */
  inProject(...segments: string[]): string;
  /** The answer as JSON. CommandError when the gateway refuses or is not there. */
  json<T>(path: string, request?: Request): Promise<T>;
  /** An answer that is not refused, its body unread. Without `deadline` it may take as long as it takes. */
  open(path: string, request?: Request, options?: { readonly deadline?: boolean }): Promise<Answer>;
  /** An answer whatever its status. */
  ask(path: string, request?: Request, options?: { readonly deadline?: boolean }): Promise<Answer>;
  /** A token of that lifetime; undefined where the gateway asks for none. */
  token(lifetimeMs: number): Promise<string | undefined>;
}

export function openGateway(surroundings: Surroundings, access: Access): GatewayClient {
  return new HttpGateway(surroundings, access);
}

class HttpGateway implements GatewayClient {
  readonly #surroundings: Surroundings;
  readonly #access: Access;
  /** By how much the gateway's clock is ahead, ms. */
  #skewMs: Promise<number> | undefined;

  constructor(surroundings: Surroundings, access: Access) {
    this.#surroundings = surroundings;
    this.#access = access;
  }

  get url(): string {
    return this.#access.url;
  }

  get project(): string {
    const { project } = this.#access;
    if (project) return project;
    const how = 'name one by --project, by FABRIC_PROJECT, or in the profile ("fabric configure --project PROJECT")';
    throw new CommandError('identity', `no project is configured: ${how}`);
  }

  inProject(...segments: string[]): string {
    return `/fabric/v4/projects${pathOfSegments([this.project, ...segments])}`;
  }

  async json<T>(path: string, request: Request = {}): Promise<T> {
    const answer = await this.open(path, request);
    const text = await this.#reading(answer.text());
    const value = jsonOrUndefined(text);
    if (value === undefined)
      throw new CommandError('failed', `${this.url} answered no JSON to ${nameOf(path, request)}`);
    // A long answer is begun before its end is known (contract 2.2).
    if (isObject(value) && value.success === false) throw refusalOf(answer.status, text, nameOf(path, request));
    return value as T;
  }

  async open(path: string, request: Request = {}, { deadline = true } = {}): Promise<Answer> {
    const answer = await this.ask(path, request, { deadline });
    if (answer.ok) return answer;
    throw refusalOf(answer.status, await this.#reading(answer.text()), nameOf(path, request));
  }

  async ask(path: string, request: Request = {}, { deadline = true } = {}): Promise<Answer> {
    const token = await this.token(tokenLifetimeMs);
    const { method = 'GET', query = {}, json, stream, headers = {} } = request;
    const search = new URLSearchParams(
      Object.entries(query).filter((pair): pair is [string, string] => pair[1] !== undefined),
    );
    const url = `${this.url}${path}${search.size > 0 ? `?${search}` : ''}`;
    const body = stream ?? (json === undefined ? undefined : JSON.stringify(json));
    return this.#fetch(url, deadline && stream === undefined ? answerDeadlineMs : undefined, {
      method,
      headers: {
        accept: 'application/json',
        ...(json === undefined ? {} : { 'content-type': 'application/json' }),
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...headers,
      },
      ...(body === undefined ? {} : { body }),
      ...(stream === undefined ? {} : { duplex: 'half' as const }),
    });
  }

  async token(lifetimeMs: number): Promise<string | undefined> {
    this.#skewMs ??= this.#findSkew();
    return this.#access.token(this.#surroundings.world.clock.now() + (await this.#skewMs), lifetimeMs);
  }

  /**
   * A token is judged by the gateway's clock (contract 1.3). One that does not answer says so at the request itself.
   */
  async #findSkew(): Promise<number> {
    const { clock } = this.#surroundings.world;
    try {
      const answer = await this.#fetch(`${this.url}/fabric/v4/info`, infoDeadlineMs, { method: 'GET' });
      const { serverTs } = (await answer.json()) as { serverTs?: unknown };
      return typeof serverTs === 'number' ? serverTs - clock.now() : 0;
    } catch {
      return 0;
    }
  }

  /** `deadlineMs`: for the head of the answer. */
  async #fetch(url: string, deadlineMs: number | undefined, init: object): Promise<Answer> {
    const { world, signal } = this.#surroundings;
    const deadline =
      deadlineMs === undefined ? undefined : deadlineSignal(world.clock, deadlineMs, `the answer of ${url}`, signal);
    try {
      return await world.network.fetch(url, { ...init, redirect: 'manual', signal: deadline?.signal ?? signal });
    } catch (error) {
      throw this.#unreachable(error);
    } finally {
      deadline?.clear();
    }
  }

  #reading<T>(body: Promise<T>): Promise<T> {
    return body.catch((error: unknown) => {
      throw this.#unreachable(error);
    });
  }

  #unreachable(error: unknown): unknown {
    if (this.#surroundings.signal.aborted) return this.#surroundings.signal.reason;
    const cause = error instanceof Error ? (error.cause ?? error) : error;
    const why =
      error instanceof DeadlineExceededError ? error.message : cause instanceof Error ? cause.message : String(cause);
    return new CommandError(
      'unreachable',
      `the gateway ${this.url} cannot be reached: ${why}: is it up, and is the address right?`,
    );
  }
}

function nameOf(path: string, { method = 'GET', about }: Request): string {
  return about ?? `${method} ${path}`;
}
