/**
 * SIGKILL: what a dead process waits for never settles, what it still asks for never happens, and its peers see it go.
 */
import { describe, expect, test } from 'vitest';
import type { HttpRequest, HttpResponse } from '../network.ts';
import type { ChildProcess, Processes } from '../processes.ts';
import { type SimulatedProcess, Simulation } from './simulation.ts';

interface Scene {
  readonly simulation: Simulation;
  readonly server: SimulatedProcess;
  readonly client: SimulatedProcess;
  /** What a dead process did: must stay empty. */
  readonly acts: string[];
}

function scene(): Scene {
  const simulation = new Simulation({ seed: 1, startAt: 0 });
  return { simulation, server: simulation.process('server'), client: simulation.process('client'), acts: [] };
}

/** A body that ends only when the test says so. */
function openBody(): { body: AsyncGenerator<Buffer>; more(text: string): void } {
  const waiting: ((text: string) => void)[] = [];
  const texts: string[] = [];
  async function* chunks() {
    for (;;) {
      const text = texts.shift() ?? (await new Promise<string>((resolve) => waiting.push(resolve)));
      yield Buffer.from(text);
    }
  }
  return {
    body: chunks(),
    more: (text) => {
      const next = waiting.shift();
      if (next) next(text);
      else texts.push(text);
    },
  };
}

describe('a server that is killed', () => {
  test('cannot answer any more: head, write, drained, end and reset are inert', async () => {
    const { simulation, server, client, acts } = scene();
    let held: HttpResponse | undefined;
    await server.network.listen('server:80', (_request, response) => {
      held = response;
    });
    const outcome = client.network.fetch('http://server/').then(
      (answer) => `answered ${answer.status}`,
      () => 'broken',
    );
    await simulation.advance(10);
    server.kill();
    held?.head(200, {});
    held?.write('late');
    void held?.drained().finally(() => acts.push('drained'));
    held?.end('later');
    held?.reset();
    expect(await simulation.run(outcome)).toBe('broken');
    expect(acts).toEqual([]);
  });

  test('does not finish an answer that it has begun', async () => {
    const { simulation, server, client } = scene();
    await server.network.listen('server:80', async (_request, response) => {
      response.write('first');
      await server.clock.sleep(1000);
      response.end('second');
    });
    const outcome = client.network.fetch('http://server/').then((answer) => answer.text());
    outcome.catch(() => undefined);
    await simulation.advance(100);
    server.kill();
    await expect(simulation.run(outcome)).rejects.toThrow();
  });

  test('never hears of the body that it was reading, by bytes or by stream', async () => {
    const { simulation, server, client, acts } = scene();
    await server.network.listen('server:80', async (request) => {
      try {
        if (request.url === '/bytes') await request.bytes(1000);
        else for await (const _ of request.stream) acts.push('chunk');
        acts.push('read');
      } catch {
        acts.push('failed');
      } finally {
        acts.push('finally');
      }
    });
    const bodies = ['/bytes', '/stream'].map((path) => {
      const { body, more } = openBody();
      const call = client.network.fetch(`http://server${path}`, { method: 'POST', body, duplex: 'half' });
      return { more, outcome: call.catch(() => 'broken') };
    });
    await simulation.advance(10);
    server.kill();
    for (const { more } of bodies) more('late');
    for (const { outcome } of bodies) expect(await simulation.run(outcome)).toBe('broken');
    await simulation.advance(60_000);
    expect(acts).toEqual([]);
  });

  test('never gets a body that it asks for after its end', async () => {
    const { simulation, server, client, acts } = scene();
    let held: HttpRequest | undefined;
    await server.network.listen('server:80', (request) => {
      held = request;
    });
    void client.network.fetch('http://server/', { method: 'POST', body: 'hello' }).catch(() => undefined);
    await simulation.advance(10);
    server.kill();
    void held?.bytes(10).finally(() => acts.push('bytes'));
    void held?.stream[Symbol.asyncIterator]()
      .next()
      .finally(() => acts.push('stream'));
    held?.signal.addEventListener('abort', () => acts.push('signal'));
    await simulation.advance(1000);
    expect(acts).toEqual([]);
  });

  test('waits for ever for room to write', async () => {
    const { simulation, server, client, acts } = scene();
    await server.network.listen('server:80', async (_request, response) => {
      while (response.write(Buffer.alloc(10_000)));
      await response.drained().finally(() => acts.push('drained'));
    });
    const call = client.network.fetch('http://server/');
    const answer = await simulation.run(call);
    await simulation.advance(10);
    server.kill();
    const outcome = answer.text().catch(() => 'broken');
    expect(await simulation.run(outcome)).toBe('broken');
    await simulation.advance(1000);
    expect(acts).toEqual([]);
  });

  test('gives its address back, and its next incarnation serves there', async () => {
    const { simulation, server, client } = scene();
    await server.network.listen('server:80', (_request, response) => response.end('old'));
    server.kill();
    const next = simulation.process('server');
    await next.network.listen('server:80', (_request, response) => response.end('new'));
    const text = client.network.fetch('http://server/').then((answer) => answer.text());
    expect(await simulation.run(text)).toBe('new');
  });
});

describe('a client that is killed', () => {
  test('breaks the body that the server reads, and its own source is asked no more', async () => {
    const { simulation, server, client, acts } = scene();
    let broken = '';
    await server.network.listen('server:80', async (request) => {
      await request.bytes(1000).catch((error: Error & { code?: string }) => {
        broken = String(error.code);
      });
    });
    async function* body() {
      try {
        for (;;) {
          yield Buffer.from('tick');
          if (client.killed) acts.push('asked');
          await client.clock.sleep(100);
        }
      } finally {
        acts.push('finally');
      }
    }
    void client.network.fetch('http://server/', { method: 'POST', body: body(), duplex: 'half' });
    await simulation.advance(250);
    client.kill();
    await simulation.advance(1000);
    expect(broken).toBe('ECONNRESET');
    expect(acts).toEqual([]);
  });

  test('never sees an answer that was on its way', async () => {
    const { simulation, server, client, acts } = scene();
    await server.network.listen('server:80', async (_request, response) => {
      for (let count = 0; count < 10; count++) {
        response.write('x');
        await server.clock.sleep(10);
      }
      response.end();
    });
    const read = async () => {
      const answer = await client.network.fetch('http://server/');
      for await (const _ of answer.body ?? []) if (client.killed) acts.push('chunk');
      acts.push('end');
    };
    void read().finally(() => acts.push('finally'));
    await simulation.advance(50);
    client.kill();
    await simulation.advance(1000);
    expect(acts).toEqual([]);
  });

  test('sends nothing when it dies on sending', async () => {
    const { simulation, server, client } = scene();
    let requests = 0;
    await server.network.listen('server:80', (_request, response) => {
      requests++;
      response.end();
    });
    simulation.network.observe(({ from }) => from === 'client' && client.kill());
    void client.network.fetch('http://server/').catch(() => undefined);
    await simulation.advance(1000);
    expect(requests).toBe(0);
  });
});

describe('a process that is killed', () => {
  test('does not sleep, listen, log or start programs any more', async () => {
    const events: string[] = [];
    const started: (readonly string[])[] = [];
    const processes: Processes = {
      available: true,
      start: (command): ChildProcess => {
        started.push(command);
        return { pid: 1, exited: new Promise(() => undefined), kill: () => undefined };
      },
    };
    const simulation = new Simulation({ seed: 1, startAt: 0, processes, sink: (event) => events.push(event.type) });
    const victim = simulation.process('victim');
    victim.kill();
    const recorded = events.length;
    const acts: string[] = [];
    const controller = new AbortController();
    controller.abort();
    void victim.clock.sleep(0).finally(() => acts.push('slept'));
    void victim.clock.sleep(10, controller.signal).finally(() => acts.push('aborted'));
    void victim.network.listen('x:80', () => undefined).finally(() => acts.push('listens'));
    victim.log.info('still here');
    void victim.processes
      .start(['x'], { environment: {}, onOutput: () => undefined })
      .exited.finally(() => acts.push('ran'));
    await simulation.settle();
    expect(acts).toEqual([]);
    expect(started).toEqual([]);
    expect(events.length).toBe(recorded);
    expect(simulation.network.handlerAt('x:80')).toBeUndefined();
  });

  test('takes its real programs with it, and hears nothing of them', async () => {
    const signals: string[] = [];
    let output: (bytes: Buffer, stream: 'stdout') => void = () => undefined;
    let exit: (value: { exitCode: number }) => void = () => undefined;
    const processes: Processes = {
      available: true,
      start: (_command, options): ChildProcess => {
        output = options.onOutput;
        const exited = new Promise<{ exitCode: number }>((resolve) => {
          exit = resolve;
        });
        return { pid: 1, exited, kill: (signal) => void signals.push(signal) };
      },
    };
    const simulation = new Simulation({ seed: 1, startAt: 0, processes });
    const victim = simulation.process('victim');
    const heard: string[] = [];
    const child = victim.processes.start(['x'], {
      environment: {},
      onOutput: (bytes) => void heard.push(String(bytes)),
    });
    void child.exited.then(() => heard.push('exit'));
    output(Buffer.from('alive'), 'stdout');
    victim.kill();
    output(Buffer.from('dead'), 'stdout');
    exit({ exitCode: 137 });
    await simulation.settle();
    expect(signals).toEqual(['SIGKILL']);
    expect(heard).toEqual(['alive']);
  });

  test('is as dead on other ways than its World, if they pass through its life', async () => {
    const simulation = new Simulation({ seed: 1, startAt: 0 });
    const other = simulation.process('other');
    const { life, ...victim } = { life: simulation.process('victim').life };
    expect(victim).toEqual({});
    const seen: string[] = [];
    const onEvent = life.callback((text: string) => seen.push(text));
    void life.promise(other.clock.sleep(100)).finally(() => seen.push('promise'));
    async function* ticks() {
      for (;;) {
        await other.clock.sleep(40);
        yield 'tick';
      }
    }
    const read = async () => {
      for await (const tick of life.stream(ticks())) seen.push(tick);
    };
    void read();
    life.onEnd(() => seen.push('ended'));
    onEvent('event');
    await simulation.advance(50);
    life.end();
    life.end();
    onEvent('late event');
    void life.perform(async () => seen.push('performed'));
    await simulation.advance(1000);
    expect(seen).toEqual(['event', 'tick', 'ended']);
  });

  test('draws other numbers in its next incarnation', () => {
    const simulation = new Simulation({ seed: 1, startAt: 0 });
    const first = simulation.process('p');
    const uuid = first.random.stream('ids').uuid();
    first.kill();
    expect(simulation.process('p').random.stream('ids').uuid()).not.toBe(uuid);
  });
});
