/**
 * Which requests of the clients' stories a whole simulated Fabric has answered, and how: what the table of routes is
 * made from.
 */

import { play } from '../../harness/clients/play.ts';
import { clients } from '../../harness/clients/recording.ts';
import { simulatedFabric } from '../../harness/clients/simulated.fixture.ts';
import type { TraceEvent } from '../../world/simulated/trace.ts';

export interface Asked {
  readonly method: string;
  /** Without its query. */
  readonly path: string;
  readonly status: number;
}

/**
 * All that the gateway was asked while the stories were played: by the clients, by the operator, by runs of schedules.
 */
export async function askedByStories(): Promise<Asked[]> {
  const requests = new Map<number, { method: string; path: string }>();
  const asked: Asked[] = [];
  const note = (event: TraceEvent) => {
    if (event.type === 'request' && !event.to.startsWith('content')) {
      requests.set(event.id, { method: event.method, path: event.path.split('?')[0] ?? '' });
    }
    const request = event.type === 'response' ? requests.get(event.id) : undefined;
    if (request && event.type === 'response') asked.push({ ...request, status: event.status });
  };
  for (const client of clients) {
    await using fabric = await simulatedFabric(1, note);
    const { surroundings, environment } = fabric;
    await play({ client, surroundings, tokenFile: environment.tokenFile, project: 'proj1' });
  }
  return asked;
}
