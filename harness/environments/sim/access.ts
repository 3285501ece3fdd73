/** A service of Fabric as a client outside it reaches it. */
import { deadlineSignal } from '../../../world/clock.ts';
import type { World } from '../../../world/world.ts';
import type { GatewayAccess, GatewayAnswer } from '../environment.ts';

const DEADLINE_MS = 60_000;

export function httpAccess(world: World, url: string): GatewayAccess {
  return {
    url,
    async fetch(path, init = {}) {
      const deadline = deadlineSignal(world.clock, DEADLINE_MS, `${init.method ?? 'GET'} ${url}${path}`);
      try {
        const response = await world.network.fetch(`${url}${path}`, {
          method: init.method ?? 'GET',
          headers: { 'content-type': 'application/json' },
          signal: deadline.signal,
          ...(init.body === undefined ? {} : { body: init.body }),
        });
        return answer(response.status, await response.text());
      } finally {
        deadline.clear();
      }
    },
  };
}

function answer(status: number, text: string): GatewayAnswer {
  return { status, text, json: <T>() => JSON.parse(text) as T };
}
