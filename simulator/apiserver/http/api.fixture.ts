/** An API server that is spoken to over HTTP, for tests of single requests. */
import { Simulation } from '../../../world/simulated/simulation.ts';
import { makeDefaultAccount } from '../default-account.fixture.ts';
import { ApiServer, type ApiServerOptions } from '../server.ts';

const tokens = {
  admin: { user: 'admin', groups: ['system:masters'] },
  weak: { user: 'weak', groups: ['team'] },
};

/** Members that the tests look into by name. */
export interface Body {
  readonly kind?: string;
  readonly reason?: string;
  readonly message?: string;
  readonly metadata?: unknown;
  readonly spec?: unknown;
  readonly status?: unknown;
  readonly items?: readonly unknown[];
  readonly resources?: unknown;
  readonly paths?: unknown;
}

export interface Sent {
  readonly token?: string;
  readonly headers?: Record<string, string>;
  readonly body?: unknown;
}

/** `send` is a request by the administrator, unless told otherwise, and its whole answer. */
export async function start(options: Partial<ApiServerOptions> = {}) {
  const simulation = new Simulation({ seed: 5, startAt: Date.UTC(2026, 0, 1) });
  const process = simulation.process('apiserver');
  const server = new ApiServer({ world: process, tokens, ...options });
  await simulation.run(makeDefaultAccount(server.client('test')));
  await process.network.listen('kubernetes:80', server.handler);
  const world = simulation.process('client');
  async function open(method: string, path: string, { token = 'admin', headers = {}, body }: Sent = {}) {
    const authorization: Record<string, string> = token === '' ? {} : { authorization: `Bearer ${token}` };
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const request = {
      method,
      headers: { ...authorization, 'content-type': 'application/json', ...headers },
      ...(body === undefined ? {} : { body: text }),
    };
    return simulation.run(world.network.fetch(`http://kubernetes${path}`, request));
  }
  async function send(method: string, path: string, sent: Sent = {}) {
    const answer = await open(method, path, sent);
    const text = await simulation.run(answer.text());
    const isJson = answer.headers.get('content-type')?.startsWith('application/json');
    const isEmpty = text === '' || path.includes('watch');
    const json: Body = isJson && !isEmpty ? (JSON.parse(text) as Body) : {};
    return { code: answer.status, headers: answer.headers, text, json };
  }
  return { simulation, server, open, send };
}
