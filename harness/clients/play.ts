/**
 * Plays a client's story against a gateway, command by command, and says of each what the client would print, how it
 * would end, and whether that is right.
 */

import { isObject } from '../../fabric/http/index.ts';
import { signingKey } from '../../fabric/identity/key.ts';
import type { PersonalAccessToken } from '../../fabric/identity/personal-access-token.ts';
import type { ClientAnswer, ClientRequest, Surroundings } from './asking.ts';
import { bodyOf } from './bodies.ts';
import { followedLog } from './followed.ts';
import { clientToken, headersOf } from './headers.ts';
import { printedOf } from './printed.ts';
import { type ClientName, type Step, storyOf } from './recording.ts';
import { faultsOf } from './shape.ts';
import { filled, filledText, partAt, UnknownWordError } from './words.ts';

export interface PlayOptions {
  readonly client: ClientName;
  readonly surroundings: Surroundings;
  readonly tokenFile: PersonalAccessToken;
  readonly project: string;
  /** The client gives up on a longer silence; the command line's is 1000 ms. */
  readonly silenceMaximumMs?: number;
  /** How long a user looks again for what he waits for. */
  readonly patienceMs?: number;
  /** The story, or another one. */
  readonly story?: readonly Step[];
  /** Told of each command as soon as it has ended. */
  told?(verdict: Verdict): void;
}

export interface Verdict {
  readonly run: string;
  /** Method and path with its query, and the status that came back. */
  readonly requests: readonly { readonly method: string; readonly path: string; readonly status: number }[];
  readonly exit: number;
  /** On stdout, or on stderr when it failed. */
  readonly printed: string;
  /** What is wrong; empty when all is well. */
  readonly faults: readonly string[];
}

const REST_MS = 1_000;
const PATIENCE_MS = 150_000;
const SILENCE_MS = 1_000;

export async function play(options: PlayOptions): Promise<Verdict[]> {
  const { client, project, story = storyOf(client) } = options;
  const words: Record<string, string> = { project, P: `/fabric/v4/projects/${project}` };
  const verdicts: Verdict[] = [];
  for (const step of story) {
    const verdict = await new Command(options, words, step).played();
    verdicts.push(verdict);
    options.told?.(verdict);
  }
  return verdicts;
}

class Command {
  readonly #options: PlayOptions;
  readonly #words: Record<string, string>;
  readonly #step: Step;
  readonly #requests: Verdict['requests'][number][] = [];
  readonly #faults: string[] = [];
  #authorization = '';

  constructor(options: PlayOptions, words: Record<string, string>, step: Step) {
    this.#options = options;
    this.#words = words;
    this.#step = step;
  }

  async played(): Promise<Verdict> {
    const end = { exit: 1, printed: '' };
    try {
      await this.#begin();
      Object.assign(end, await this.#main());
    } catch (error) {
      if (!(error instanceof UnknownWordError)) throw error;
      this.#faults.push(error.message);
    }
    const run = this.#step.run.replace(/\{(\w+)\}/g, (whole, name: string) => this.#words[name] ?? whole);
    return { run, requests: this.#requests, ...end, faults: this.#faults };
  }

  /** Every command asks what the server's time is, the command line whether it may be used besides. */
  async #begin(): Promise<void> {
    const { client, surroundings, tokenFile } = this.#options;
    const info = await this.#ask('GET /fabric/v4/info', { as: 'json', anonymous: true });
    this.#check(info, { serverTs: 'number' });
    const serverTs = Number(partAt(jsonOf(info.text), 'serverTs'));
    const key = signingKey(tokenFile.jwk);
    this.#authorization = `Bearer ${clientToken(client, tokenFile, key, { serverTs, now: surroundings.now() })}`;
    if (client !== 'cli') return;
    const compatible = await this.#ask('GET /fabric/v4/compatibility/applications/cortex-cli', { as: 'json' });
    this.#check(compatible, { semver: '>=2.0.0 <3.0.0' });
  }

  async #main(): Promise<Pick<Verdict, 'exit' | 'printed'>> {
    const { first, reads, keep, prints, says, status } = this.#step;
    for (const each of first) await this.#ask(filledText(each, this.#words), { as: 'json' });
    const answer = await this.#untilReady();
    const json = jsonOf(answer.text);
    const isExpected = status === undefined ? isSuccess(answer) : answer.status === status;
    if (!isExpected) this.#faults.push(`status ${answer.status}: ${answer.text.slice(0, 300)}`);
    if (reads !== undefined) this.#check(answer, filled(reads, this.#words));
    for (const [name, path] of Object.entries(keep)) this.#keep(name, partAt(json, path), path);
    const exit = this.#exitOf(answer, json);
    if (exit !== this.#step.exit) this.#faults.push(`ends with ${exit}, not with ${this.#step.exit}`);
    const printed = this.#printedOf(answer, json, prints);
    const wanted = says === undefined ? undefined : filledText(says.replaceAll('{"', '\u0001'), this.#words);
    if (wanted !== undefined && printed !== wanted.replaceAll('\u0001', '{"')) {
      this.#faults.push(`prints ${JSON.stringify(printed)}, not ${JSON.stringify(wanted.replaceAll('\u0001', '{"'))}`);
    }
    return { exit, printed };
  }

  /** The answer, or the first one that is what the user waits for. */
  async #untilReady(): Promise<ClientAnswer> {
    const { send, until } = this.#step;
    const { surroundings, patienceMs = PATIENCE_MS } = this.#options;
    const since = surroundings.now();
    for (;;) {
      const answer = await this.#ask(filledText(send, this.#words), this.#step);
      if (!until) return answer;
      const json = jsonOf(answer.text);
      const wanted = Object.entries(until).map(([path, value]) => [partAt(json, path), filled(value, this.#words)]);
      if (wanted.every(([found, value]) => found === value)) return answer;
      if (surroundings.now() - since > patienceMs) {
        this.#faults.push(
          `${JSON.stringify(until)} did not come within ${patienceMs} ms: ${answer.text.slice(0, 300)}`,
        );
        return answer;
      }
      await surroundings.rest(REST_MS);
    }
  }

  async #ask(line: string, how: Pick<Step, 'as'> & Partial<Step> & { anonymous?: boolean }): Promise<ClientAnswer> {
    const { client, surroundings, silenceMaximumMs = SILENCE_MS } = this.#options;
    const [method = '', path = ''] = line.split(/ (.*)/s);
    const { body, type } = bodyOf(how, this.#words);
    const request: ClientRequest = {
      method,
      path,
      headers: {
        host: new URL(this.#options.tokenFile.url).host,
        ...headersOf(client, how.as),
        ...(how.anonymous ? {} : { authorization: this.#authorization }),
        ...(type === undefined ? {} : { 'content-type': type }),
      },
      ...(body === undefined ? {} : { body }),
      chunked: how.chunked ?? false,
    };
    const answer = await surroundings.ask(request);
    this.#requests.push({ method, path, status: answer.status });
    const isLimited = client === 'cli' && how.as !== 'follow' && how.as !== 'graphql';
    if (isLimited && answer.silenceMs >= silenceMaximumMs) {
      this.#faults.push(
        `Timeout awaiting 'socket' for ${silenceMaximumMs}ms: ${line} was silent for ${answer.silenceMs} ms`,
      );
    }
    return answer;
  }

  #check(answer: ClientAnswer, shape: unknown): void {
    const json = jsonOf(answer.text);
    if (json === undefined) this.#faults.push(`the answer is no JSON: ${answer.text.slice(0, 200)}`);
    else this.#faults.push(...faultsOf(json, shape));
    const type = answer.headers['content-type'];
    if (type !== 'application/json') this.#faults.push(`the content type is ${type}, not application/json`);
  }

  #keep(name: string, value: unknown, path: string): void {
    if (typeof value === 'string') this.#words[name] = value;
    else this.#faults.push(`${path} of the answer is no text to go on with: ${JSON.stringify(value)}`);
  }

  #exitOf(answer: ClientAnswer, json: unknown): number {
    const { as, decides } = this.#step;
    if (as === 'follow') return followedLog(answer.reads).fault === undefined ? 0 : 1;
    if (decides === 'nothing') return 0;
    if (as === 'graphql' && isObject(json) && json.errors !== undefined) return 1;
    const isDone = decides === 'success' ? isObject(json) && json.success === true : true;
    return isSuccess(answer) && isDone ? 0 : 1;
  }

  #printedOf(answer: ClientAnswer, json: unknown, prints: string | undefined): string {
    if (this.#step.as === 'follow') {
      const { printed, fault } = followedLog(answer.reads);
      if (fault !== undefined) this.#faults.push(fault);
      return printed;
    }
    if (isSuccess(answer)) return printedOf(prints ?? 'json', answer.text, json, this.#words);
    return `${answer.status} ${String(partAt(json, 'message') ?? answer.text)}`;
  }
}

function isSuccess({ status }: ClientAnswer): boolean {
  return status >= 200 && status < 300;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
