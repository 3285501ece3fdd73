import { beforeEach, describe, expect, it } from 'vitest';
import type { HttpRequest, HttpResponse } from '../../world/network.ts';
import { type SimulatedProcess, Simulation } from '../../world/simulated/simulation.ts';
import { invokeAgent } from './invoke.ts';

const key = 'the-uid-of-the-job';
const activationId = 'a-1';
const payload = {
  apiEndpoint: 'http://gateway',
  project: 'p 1',
  agent: 'cortex/hubble',
  service: 'input',
  schedule: 'p1-hubble',
  body: { payload: { n: 1 }, correlationId: 'mine' },
};
const environment = { FABRIC_POD_NAME: 'run-1', FABRIC_POD_UID: 'uid-1' };

interface Answer {
  readonly status: number;
  readonly body: object;
}

/** A gateway that can be killed: what it has acknowledged stays. */
class FakeGateway {
  readonly requests: { readonly route: string; readonly body: unknown; readonly authorization: string | undefined }[] =
    [];
  /** Of the one activation; undefined before it has begun. */
  activation: { status: string; response?: unknown; error?: { message: string } } | undefined;
  /** How often one was begun. */
  begun = 0;
  endsAs: { status: string; response?: unknown; error?: { message: string } } = {
    status: 'COMPLETE',
    response: 'done',
  };
  durationMs = 60_000;
  /** It is as slow as this when it is to invoke. */
  invokesAfterMs = 0;
  /** Answers instead of the usual ones, by route. */
  readonly refusals = new Map<string, Answer>();
  tokens = 0;
  /** Tokens before this one have expired. */
  oldestToken = 0;
  readonly #world: SimulatedProcess;

  constructor(world: SimulatedProcess) {
    this.#world = world;
  }

  async handle(request: HttpRequest, response: HttpResponse): Promise<void> {
    const text = (await request.bytes(100_000)).toString();
    const route = `${request.method} ${request.url}`;
    const { authorization } = request.headers;
    this.requests.push({ route, body: text === '' ? undefined : JSON.parse(text), authorization });
    if (route.includes('/agentinvoke/')) await this.#world.clock.sleep(this.invokesAfterMs);
    const { status, body } = this.#answer(route, request);
    response.head(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(body));
  }

  #answer(route: string, { headers }: HttpRequest): Answer {
    const refusal = [...this.refusals].find(([part]) => route.includes(part))?.[1];
    if (refusal) return refusal;
    if (route === 'POST /internal/runs/uid-1/token') {
      this.tokens += 1;
      return { status: 200, body: { token: `t${this.tokens}`, activationId, idempotencyKey: key } };
    }
    const token = Number(/^Bearer t(\d+)$/.exec(headers.authorization ?? '')?.[1] ?? Number.NaN);
    if (!(token >= this.oldestToken)) return { status: 401, body: { message: 'token expired' } };
    if (route.includes('/agentinvoke/')) return this.#invoke(headers['idempotency-key']);
    if (!this.activation) return { status: 404, body: { message: 'no activation' } };
    if (!route.endsWith('/cancel')) return { status: 200, body: this.activation };
    if (this.activation.status !== 'STARTED') return { status: 409, body: { message: 'it has ended' } };
    this.activation = { status: 'CANCELLED' };
    return { status: 200, body: {} };
  }

  #invoke(given: string | undefined): Answer {
    if (given !== key) return { status: 400, body: { message: `the key is ${given}` } };
    if (!this.activation) {
      this.begun += 1;
      this.activation = { status: 'STARTED' };
      this.#world.clock.after(this.durationMs, () => {
        if (this.activation?.status === 'STARTED') this.activation = this.endsAs;
      });
    }
    return { status: 200, body: { success: true, activationId } };
  }
}

let simulation: Simulation;
let gateway: FakeGateway;
let serving: SimulatedProcess;

/** As a process of its own, over the same store. */
async function startGateway(): Promise<void> {
  serving = simulation.process('gateway');
  await simulation.run(serving.network.listen('gateway:80', (request, response) => gateway.handle(request, response)));
}

beforeEach(async () => {
  simulation = new Simulation({ seed: 3, startAt: Date.UTC(2026, 0, 1) });
  gateway = new FakeGateway(simulation.process('time'));
  await startGateway();
});

interface Played {
  exitCode?: number;
  lines: string[];
  reason?: string;
  terminate(): void;
}

function play(given: object = payload, variables: Record<string, string> = environment): Played {
  const controller = new AbortController();
  const played: Played = { lines: [], terminate: () => controller.abort(new Error('SIGTERM')) };
  void invokeAgent({
    world: simulation.process('run'),
    payload: JSON.stringify(given),
    environment: variables,
    signal: controller.signal,
    print: (line) => void played.lines.push(line),
    terminationMessage: (text) => {
      played.reason = text;
    },
  }).then((exitCode) => {
    played.exitCode = exitCode;
  });
  return played;
}

const routes = (part: string) => gateway.requests.filter(({ route }) => route.includes(part));

describe('a run', () => {
  it('invokes the service under the schedule’s name, and lasts until the activation has ended', async () => {
    const run = play();
    await simulation.advance(59_000);
    expect(run.exitCode).toBeUndefined();
    await simulation.advance(10_000);
    expect(run.exitCode).toBe(0);
    const [invoked] = routes('/agentinvoke/');
    expect(invoked?.route).toBe('POST /fabric/v4/projects/p%201/agentinvoke/cortex%2Fhubble/services/input?sync=false');
    expect(invoked?.body).toEqual({ payload: { n: 1 }, correlationId: 'p1-hubble' });
    expect(run.lines).toEqual([
      'invoking service input of agent cortex/hubble for schedule p1-hubble',
      'activation a-1',
      'status COMPLETE',
      'done',
    ]);
    expect(run.reason).toBeUndefined();
  });

  it('asks for its credential by its pod, and prints no token', async () => {
    const run = play();
    await simulation.advance(70_000);
    expect(gateway.requests[0]).toEqual({
      route: 'POST /internal/runs/uid-1/token',
      body: { pod: 'run-1' },
      authorization: undefined,
    });
    expect(run.lines.join('\n')).not.toMatch(/t1|uid-1/);
  });

  it('asks for another token when the one that it has is expired', async () => {
    gateway.durationMs = 2 * 60 * 60_000;
    const run = play();
    await simulation.advance(60 * 60_000);
    gateway.oldestToken = 2;
    await simulation.advance(70 * 60_000);
    expect([run.exitCode, gateway.tokens, gateway.begun]).toEqual([0, 2, 1]);
  });
});

describe('it fails', () => {
  it.each(['ERROR', 'CANCELLED'])('when the activation ends with %s, and says which and why', async (status) => {
    gateway.endsAs = { status, error: { message: 'the daemon timed out' } };
    const run = play();
    await simulation.advance(70_000);
    expect(run.exitCode).toBe(1);
    expect(run.reason).toBe(`activation a-1 of agent cortex/hubble ended with ${status}: the daemon timed out`);
    expect(run.lines).toContain(run.reason);
  });

  it.each([
    ['agentinvoke', 404, 'no agent "cortex/hubble" in project p1'],
    ['token', 404, 'no run of a schedule has that pod'],
    ['token', 403, 'user "ann" may not see project "p1" any more'],
    ['agentinvoke', 401, 'not let in: unknown key'],
  ])('at once when the gateway refuses %s with %d', async (part, status, message) => {
    gateway.refusals.set(part, { status, body: { message } });
    const run = play();
    await simulation.advance(5_000);
    expect([run.exitCode, gateway.begun]).toEqual([1, 0]);
    expect(run.reason).toContain(`${message} (status ${status})`);
  });

  it('when the gateway has not answered for ten minutes, not before', async () => {
    serving.kill();
    const run = play();
    await simulation.advance(9 * 60_000);
    expect(run.exitCode).toBeUndefined();
    await simulation.advance(60_000);
    expect(run.exitCode).toBe(1);
    expect(run.reason).toMatch(/has not answered for \d+ s: /);
  });

  it.each([
    ['no payload', {}, environment, /has no apiEndpoint/],
    ['no URL', { ...payload, apiEndpoint: 'gateway' }, environment, /no URL/],
    ['no pod', payload, {}, /FABRIC_POD_NAME/],
  ])('when it is started with %s', async (_, given, variables, words) => {
    const run = play(given, variables as Record<string, string>);
    await simulation.advance(1_000);
    expect([run.exitCode, gateway.requests]).toEqual([1, []]);
    expect(run.reason).toMatch(words);
  });
});

describe('whatever happens to the gateway, one run is one activation', () => {
  it.each([1, 2, 3, 4, 5, 6])('it is killed at request %d', async (count) => {
    const handle = gateway.handle.bind(gateway);
    let asked = 0;
    gateway.handle = async (request, response) => {
      asked += 1;
      if (asked !== count) return handle(request, response);
      // What it was asked is done and kept; the answer never leaves.
      await handle(request, { ...response, headWritten: false, head() {}, end() {} } as unknown as HttpResponse);
      serving.kill();
      return undefined;
    };
    const run = play();
    await simulation.advance(20_000);
    await startGateway();
    await simulation.advance(120_000);
    expect([run.exitCode, gateway.begun]).toEqual([0, 1]);
  });

  it('it cannot be reached for minutes in the middle', async () => {
    const run = play();
    await simulation.advance(5_000);
    const partition = simulation.network.inject({ kind: 'partition', from: 'run', to: 'gateway' });
    await simulation.advance(5 * 60_000);
    expect(run.exitCode).toBeUndefined();
    partition.heal();
    await simulation.advance(60_000);
    expect([run.exitCode, gateway.begun]).toEqual([0, 1]);
  });

  it.each([500, 502, 503, 429])('it answers %d for a while', async (status) => {
    gateway.refusals.set('/', { status, body: { message: 'later' } });
    const run = play();
    await simulation.advance(60_000);
    gateway.refusals.clear();
    await simulation.advance(120_000);
    expect([run.exitCode, gateway.begun]).toEqual([0, 1]);
  });
});

describe('SIGTERM', () => {
  it('cancels the activation, then ends the run', async () => {
    const run = play();
    await simulation.advance(10_000);
    run.terminate();
    await simulation.advance(1_000);
    expect([run.exitCode, gateway.activation?.status]).toEqual([143, 'CANCELLED']);
    expect(run.reason).toBe('activation a-1 was cancelled');
  });

  it('cancels with another token when the one that it has is expired', async () => {
    const run = play();
    await simulation.advance(10_000);
    gateway.oldestToken = 2;
    run.terminate();
    await simulation.advance(1_000);
    expect([run.exitCode, gateway.activation?.status]).toEqual([143, 'CANCELLED']);
  });

  it('before anything was asked for ends the run at once', async () => {
    serving.kill();
    const run = play();
    await simulation.advance(5_000);
    run.terminate();
    await simulation.advance(100);
    expect([run.exitCode, gateway.begun]).toEqual([143, 0]);
  });

  it('while the invocation is on its way cancels it when it comes', async () => {
    gateway.invokesAfterMs = 500;
    const run = play();
    await simulation.advance(200);
    run.terminate();
    await simulation.advance(3_000);
    expect([run.exitCode, gateway.begun, gateway.activation?.status]).toEqual([143, 1, 'CANCELLED']);
  });

  it('waits for a gateway that comes back, and not beyond its own time', async () => {
    const run = play();
    await simulation.advance(10_000);
    serving.kill();
    run.terminate();
    await simulation.advance(5_000);
    expect(run.exitCode).toBeUndefined();
    await startGateway();
    await simulation.advance(10_000);
    expect([run.exitCode, gateway.activation?.status]).toEqual([143, 'CANCELLED']);

    gateway.activation = undefined;
    const late = play();
    await simulation.advance(10_000);
    serving.kill();
    late.terminate();
    await simulation.advance(25_000);
    expect(late.exitCode).toBe(143);
  });
});
