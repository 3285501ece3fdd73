/** Plays a case against one server and records its answers. */
import { Agent, request as send } from 'undici';
import { parse as parseYaml, stringify } from 'yaml';
import type { Answer, Case, Json, JsonRecord, Played, Step } from './exchange.ts';
import { fill, merged, valueAt } from './fill.ts';

/** A server under comparison. Its certificate is not checked. */
export interface Target {
  readonly url: string;
  readonly token: string;
}

const DEADLINE_MS = 20_000;
const POLL_MS = 25;

const media: Readonly<Record<string, string>> = {
  json: 'application/json',
  yaml: 'application/yaml',
  merge: 'application/merge-patch+json',
  strategic: 'application/strategic-merge-patch+json',
  apply: 'application/apply-patch+yaml',
  'json-patch': 'application/json-patch+json',
  table: 'application/json;as=Table;v=v1;g=meta.k8s.io',
  metadata: 'application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io',
  'metadata-list': 'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io',
  aggregated: 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList',
};

/** The other headers belong to the connection, or differ on each answer. */
const MEANINGFUL = ['content-type', 'warning', 'retry-after', 'location', 'allow', 'cache-control', 'vary'];

/** A step that prepares the ground did not succeed: the case says nothing. */
export class GroundError extends Error {
  override readonly name = 'GroundError';
  readonly answer: Answer;

  constructor(title: string, answer: Answer) {
    super(`${title}: ${answer.request} answered ${answer.status}: ${JSON.stringify(answer.body).slice(-1500)}`);
    this.answer = answer;
  }
}

/** One connection pool to a target; plays any number of cases at once. */
export class Player {
  readonly #target: Target;
  readonly #agent = new Agent({ connect: { rejectUnauthorized: false }, connections: 64 });

  constructor(target: Target) {
    this.#target = target;
  }

  async close(): Promise<void> {
    await this.#agent.destroy();
  }

  async play(one: Case): Promise<Played> {
    const run = new Run(this.#target, this.#agent, one);
    await run.prepare();
    for (const step of one.steps) await run.step(step);
    return { answers: run.answers, sent: run.sent };
  }
}

/** What is known while a case is played. */
class Run {
  readonly answers: Answer[] = [];
  readonly sent = new Set<string>();
  readonly #target: Target;
  readonly #agent: Agent;
  readonly #case: Case;
  #variables: JsonRecord;

  constructor(target: Target, agent: Agent, one: Case) {
    this.#target = target;
    this.#agent = agent;
    this.#case = one;
    this.#variables = { ...one.variables, ns: one.namespace };
  }

  /** The case's namespace, with what a controller manager would put into it; the account mounts no token into pods. */
  async prepare(): Promise<void> {
    const { namespace } = this.#case;
    const inside = `/api/v1/namespaces/${namespace}`;
    const account = { metadata: { name: 'default' }, automountServiceAccountToken: false };
    const steps: Step[] = [
      { send: 'POST /api/v1/namespaces', body: { metadata: { name: namespace } } },
      { send: `POST ${inside}/serviceaccounts`, body: account },
      { send: `PATCH ${inside}/serviceaccounts/default`, as: 'merge', body: account },
      { send: `POST ${inside}/configmaps`, body: { metadata: { name: 'kube-root-ca.crt' }, data: { 'ca.crt': '' } } },
    ];
    for (const step of steps) {
      const { answer } = await this.#exchange(step);
      // The simulator may have been quicker.
      if (answer.status >= 400 && answer.status !== 409) throw new GroundError(this.#case.name, answer);
    }
    this.sent.clear();
  }

  async step(step: Step): Promise<void> {
    const title = `${this.#case.topic}: ${this.#case.name}`;
    if (step.pause !== undefined) await sleep(step.pause);
    const deadline = performance.now() + DEADLINE_MS;
    for (;;) {
      const { answer, within } = await this.#exchange(step);
      if (step.until && !matches(answer, fill(step.until, this.#variables) as JsonRecord)) {
        if (performance.now() > deadline) throw new GroundError(`${title}: waited in vain`, answer);
        await sleep(POLL_MS);
        continue;
      }
      if (step.quiet && answer.status >= 400) throw new GroundError(title, answer);
      if (!step.quiet) this.answers.push(partOf(answer, step, this.#variables), ...within);
      this.#save(step, answer);
      return;
    }
  }

  #save(step: Step, answer: Answer): void {
    for (const [name, path] of Object.entries(step.save ?? {})) {
      this.#variables = { ...this.#variables, [name]: valueAt(answer.body, path) ?? null };
    }
  }

  async #exchange(step: Step): Promise<{ answer: Answer; within: readonly Answer[] }> {
    const line = String(fill(step.send, this.#variables));
    const space = line.indexOf(' ');
    const body = this.#bodyOf(step);
    const headers = fill({ ...headersOf(step, this.#target, body !== undefined) }, this.#variables);
    const {
      statusCode,
      headers: received,
      body: stream,
    } = await send(`${this.#target.url}${line.slice(space + 1)}`, {
      method: line.slice(0, space),
      headers: headers as Record<string, string>,
      ...(body === undefined ? {} : { body }),
      dispatcher: this.#agent,
    });
    const isWatch = statusCode === 200 && /[?&]watch=(?:1|true)|\/watch\//.test(line);
    const before = this.answers.length;
    const events = isWatch ? readEvents(stream, step.take ?? Number.POSITIVE_INFINITY) : undefined;
    for (const inner of step.meanwhile ?? []) await this.step(inner);
    const within = this.answers.splice(before);
    const value = events ? await events : bodyFrom(await stream.text(), String(received['content-type'] ?? ''));
    return { answer: { request: step.send, status: statusCode, headers: meaningful(received), body: value }, within };
  }

  #bodyOf(step: Step): string | undefined {
    if (step.raw !== undefined) {
      this.sent.add(step.raw);
      return String(fill(step.raw, this.#variables));
    }
    const edited = step.edit === undefined ? undefined : fill(`{${step.edit}}`, this.#variables);
    if (edited === undefined && step.body === undefined) return undefined;
    const body = fill(step.body ?? {}, this.#variables);
    collectTexts(step.body ?? null, this.sent, this.#case.variables);
    collectTexts(this.#case.variables[step.edit ?? ''] ?? null, this.sent, this.#case.variables);
    const whole = edited === undefined ? body : merged(edited, body);
    return step.as === 'yaml' ? stringify(whole) : JSON.stringify(whole);
  }
}

/** Texts that the data itself holds, with the case's own variables, without what a server gave. */
function collectTexts(value: Json, texts: Set<string>, variables: JsonRecord): void {
  const filled = fill(value, variables);
  if (typeof filled === 'string') texts.add(filled);
  else if (typeof filled === 'object' && filled !== null) {
    for (const each of Object.values(filled)) collectTexts(each, texts, variables);
  }
}

function headersOf(step: Step, target: Target, hasBody: boolean): Record<string, string> {
  const token = step.token ?? target.token;
  const form = step.as ?? (hasBody ? 'json' : undefined);
  return {
    'user-agent': 'fidelity/1.0',
    accept: step.accept === undefined ? 'application/json' : (media[step.accept] ?? step.accept),
    ...(token === '' ? {} : { authorization: `Bearer ${token}` }),
    ...(form === undefined ? {} : { 'content-type': media[form] ?? form }),
    ...step.headers,
  };
}

function meaningful(headers: Readonly<Record<string, string | string[] | undefined>>): Record<string, string> {
  const found: Record<string, string> = {};
  for (const name of MEANINGFUL) {
    const value = headers[name];
    if (value !== undefined) found[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return found;
}

function bodyFrom(text: string, type: string): Json {
  if (type.startsWith('application/json')) {
    try {
      return JSON.parse(text) as Json;
    } catch {
      return text;
    }
  }
  return type.startsWith('application/yaml') ? (parseYaml(text) as Json) : text;
}

/** The events of a watch, until there are enough of them or the stream ends. */
async function readEvents(stream: AsyncIterable<Buffer> & { destroy(): void }, enough: number): Promise<Json> {
  const events: Json[] = [];
  const timer = setTimeout(() => stream.destroy(), DEADLINE_MS);
  let rest = '';
  try {
    for await (const chunk of stream) {
      const lines = (rest + chunk.toString()).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) if (line !== '' && events.length < enough) events.push(JSON.parse(line) as Json);
      if (events.length >= enough) break;
    }
  } catch (error) {
    if (events.length < enough) events.push(`the stream broke: ${(error as Error).message}`);
  } finally {
    clearTimeout(timer);
  }
  // What is no stream of events ends without a line feed.
  if (rest !== '' && events.length < enough) events.push(bodyFrom(rest, 'application/json'));
  return events;
}

function matches(answer: Answer, wanted: JsonRecord): boolean {
  return Object.entries(wanted).every(([path, value]) => {
    const found = path === 'status' ? answer.status : valueAt(answer.body, path);
    return JSON.stringify(found) === JSON.stringify(value);
  });
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function partOf(answer: Answer, { part }: Step, variables: JsonRecord): Answer {
  if (part === undefined) return answer;
  return { ...answer, headers: {}, body: valueAt(answer.body, String(fill(part, variables))) ?? null };
}
