/** A service of Fabric as a client outside it reaches it. */
import type { Response } from 'undici';
import { deadlineSignal } from '../../../world/clock.ts';
import type { World } from '../../../world/world.ts';
import type { GatewayAccess, GatewayAnswer } from '../environment.ts';

const DEADLINE_MS = 60_000;

/** `authorization` gives the header of each request; absent, there is none. */
export function httpAccess(world: World, url: string, authorization?: () => string): GatewayAccess {
  return {
    url,
    async fetch(path, init = {}) {
      const deadline = deadlineSignal(world.clock, DEADLINE_MS, `${init.method ?? 'GET'} ${url}${path}`);
      try {
        const response = await world.network.fetch(`${url}${path}`, {
          method: init.method ?? 'GET',
          headers: {
            'content-type': 'application/json',
            ...(authorization ? { authorization: authorization() } : {}),
            ...init.headers,
          },
          signal: deadline.signal,
          ...(init.body === undefined ? {} : { body: init.body }),
        });
        return await answerOf(response);
      } finally {
        deadline.clear();
      }
    },
  };
}

/** The whole answer, read to its end. */
export async function answerOf(response: Response): Promise<GatewayAnswer> {
  const { status, headers } = response;
  const text = await response.text();
  return { status, text, header: (name) => headers.get(name) ?? undefined, json: <T>() => JSON.parse(text) as T };
}
