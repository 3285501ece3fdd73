/** Leads requests from inside a simulation out to a real address: a service that the developer runs himself. */
import type { HttpHandler, Network } from '../../world/network.ts';

/** Headers that speak of one connection only. */
const HOP_HEADERS = new Set(['connection', 'keep-alive', 'transfer-encoding', 'host', 'content-length', 'expect']);

/** Passes each request on to `url` and its answer back; while nothing answers there, the connection breaks. */
export function outlet(network: Network, url: string): HttpHandler {
  return async (request, response) => {
    const hasBody = request.method !== 'GET' && request.method !== 'HEAD';
    try {
      const answer = await network.fetch(`${url}${request.url}`, {
        method: request.method,
        headers: passedOn(Object.entries(request.headers)),
        signal: request.signal,
        ...(hasBody ? { body: request.stream, duplex: 'half' as const } : {}),
      });
      response.head(answer.status, passedOn([...answer.headers]));
      for await (const chunk of answer.body ?? []) if (!response.write(chunk)) await response.drained();
      response.end();
    } catch {
      response.reset();
    }
  };
}

function passedOn(headers: readonly (readonly [string, string])[]): Record<string, string> {
  return Object.fromEntries(headers.filter(([name]) => !HOP_HEADERS.has(name)));
}
