/** Leads requests from inside a simulation out to a real address: a service or a local command. */
import type { HttpHandler, HttpRequest, Network } from '../../../world/network.ts';
import { NoWayOutError } from '../../../world/simulated/way-out.ts';

/** Headers that speak of one connection only. */
const HOP_HEADERS = new Set(['connection', 'keep-alive', 'transfer-encoding', 'host', 'content-length', 'expect']);

/** Longer bodies go through as they come. */
const WHOLE_BYTES_MAXIMUM = 8 * 1024 * 1024;

/** What is awaited of the real place passes through here: virtual time may be made to stand still meanwhile. */
export type Hold = <T>(work: Promise<T>) => Promise<T>;

interface EgressOptions {
  readonly hold?: Hold | undefined;
  /** The network's plain one unless given. */
  readonly dispatcher?: ReturnType<Network['dispatcher']> | undefined;
}

/** Passes each request on to `url` and its answer back; while nothing answers there, the connection breaks. */
export function egress(network: Network, url: string, how: EgressOptions = {}): HttpHandler {
  const hold: Hold = how.hold ?? ((work) => work);
  const dispatcher = how.dispatcher ?? network.dispatcher();
  return async (request, response) => {
    try {
      const answer = await hold(
        network.fetch(`${url}${request.url}`, {
          method: request.method,
          headers: passedOn(Object.entries(request.headers)),
          redirect: 'manual',
          dispatcher,
          signal: request.signal,
          ...(await bodyOf(request)),
        }),
      );
      response.head(answer.status, answerHeaders([...answer.headers]));
      for await (const chunk of held(answer.body, hold)) if (!response.write(chunk)) await response.drained();
      response.end();
    } catch (error) {
      const code = response.headWritten ? undefined : unconnected(error);
      if (code) throw new NoWayOutError(code, url);
      response.reset();
    }
  };
}

/** A body of known length keeps it: small servers, a daemon's own among them, read no other. */
async function bodyOf(request: HttpRequest) {
  if (request.method === 'GET' || request.method === 'HEAD') return {};
  const length = Number(request.headers['content-length'] ?? Number.NaN);
  if (length <= WHOLE_BYTES_MAXIMUM) return { body: await request.bytes(length) };
  return { body: request.stream, duplex: 'half' as const };
}

/** Why no connection came about: the request has not been seen there. */
function unconnected(error: unknown): NoWayOutError['code'] | undefined {
  const { code } = ((error as Error).cause ?? error) as { readonly code?: unknown };
  if (code === 'ECONNREFUSED') return code;
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'ENOTFOUND';
  return code === 'UND_ERR_CONNECT_TIMEOUT' || code === 'ETIMEDOUT' ? 'ETIMEDOUT' : undefined;
}

async function* held(body: AsyncIterable<Uint8Array> | null, hold: Hold): AsyncIterable<Uint8Array> {
  if (!body) return;
  const chunks = body[Symbol.asyncIterator]();
  for (;;) {
    const next = await hold(chunks.next());
    if (next.done) return;
    yield next.value;
  }
}

function passedOn(headers: readonly (readonly [string, string])[]): Record<string, string> {
  return Object.fromEntries(headers.filter(([name]) => !HOP_HEADERS.has(name)));
}

/** The body has been decoded. */
function answerHeaders(headers: readonly (readonly [string, string])[]): Record<string, string> {
  const { 'content-encoding': _decoded, ...rest } = passedOn(headers);
  return rest;
}
