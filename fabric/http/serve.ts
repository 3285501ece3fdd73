/** Serving routes under an address: health, readiness, and an end that lets requests under way finish. */
import type { HttpResponse } from '../../world/network.ts';
import { type Refusal, visited } from '../../world/visitors.ts';
import type { World } from '../../world/world.ts';
import { handlerOf, type Routes } from './exchange.ts';
import { Problem } from './problem.ts';
import { answerProblems, sendJson } from './reply.ts';

interface ServeOptions {
  readonly world: World;
  /** `host:port` to listen on. */
  readonly address: string;
  readonly routes: Routes;
  /** Names under which it is asked besides those of this machine; absent inside a simulation, where no web page is. */
  readonly hosts?: readonly string[];
  /** Whether a page of another origin is refused even what it would only read. */
  readonly isClosedToPages?: boolean;
  /** Rejects when the service cannot do its work at the moment; `/readyz` then answers 503 with the reason. */
  ready?(): Promise<void>;
}

export interface Serving {
  readonly url: string;
  /** Stops listening: at once, or when the requests under way have ended, at the latest after `graceMs`. */
  stop(graceMs?: number): Promise<void>;
}

/** Adds `/healthz`, `/readyz` and the answers to failures, and listens. */
export async function serve({ world, address, routes, ready, hosts, isClosedToPages }: ServeOptions): Promise<Serving> {
  const ownOriginFor = isClosedToPages ? 'everything' : 'changes';
  const visitors =
    hosts && ({ hosts: [...hosts, ...hostsOf(address)], ownOriginFor, probes: ['/healthz', '/readyz'] } as const);
  const handle = visitors ? visited(handlerOf(routes), visitors, sendRefusal) : handlerOf(routes);
  let underWay = 0;
  let onIdle: (() => void) | undefined;
  let isStopping = false;
  answerProblems(routes, world.log);
  routes.get('/healthz', (context) => sendJson(context, { success: true }));
  routes.get('/readyz', async (context) => {
    if (isStopping) throw notReady('it is stopping');
    await ready?.().catch((error: unknown) => {
      throw notReady(error instanceof Error ? error.message : String(error));
    });
    return sendJson(context, { success: true });
  });
  const listener = await world.network.listen(address, async (request, response) => {
    underWay += 1;
    try {
      await handle(request, response);
    } finally {
      underWay -= 1;
      if (underWay === 0) onIdle?.();
    }
  });
  const idle = (graceMs: number) =>
    new Promise<void>((resolve) => {
      const timer = world.clock.after(graceMs, resolve);
      onIdle = () => {
        timer.cancel();
        resolve();
      };
    });
  return {
    url: listener.url,
    async stop(graceMs = 0) {
      isStopping = true;
      if (underWay > 0 && graceMs > 0) await idle(graceMs);
      await listener.close();
    },
  };
}

/** The address that it listens on is a name of its own, unless it stands for all. */
function hostsOf(address: string): string[] {
  const host = address.slice(0, address.lastIndexOf(':'));
  return /^(0\.0\.0\.0|\[?::\]?|)$/.test(host) ? [] : [host];
}

function sendRefusal({ status, reason, message }: Refusal, response: HttpResponse): void {
  response.head(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(new Problem(status, reason, message).body()));
}

function notReady(why: string): Problem {
  return new Problem(503, 'not-ready', `not ready: ${why}`);
}
