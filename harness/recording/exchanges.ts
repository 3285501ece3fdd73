/**
 * The requests between Fabric's services and to the Kubernetes API, with when they were open: how many at once, how far
 * apart. Seen only where the harness carries them itself; beside the histories, since a long run has many.
 */
import type { TraceEvent } from '../../world/simulated/trace.ts';
import type { Recording } from './recording.ts';

export interface Exchange {
  readonly from: string;
  readonly to: string;
  readonly method: string;
  readonly path: string;
  /** Epoch ms. */
  readonly at: number;
  /** When its answer was read to its end, or it failed. */
  endedAt?: number;
  status?: number;
}

interface Traffic {
  readonly open: Map<number, Exchange>;
  readonly all: Exchange[];
}

const trafficIn = new WeakMap<Recording, Traffic>();

/** All that the operator sent but for what it reads of Kubernetes' objects, in order. */
export function exchangesOf(recording: Recording): readonly Exchange[] {
  return trafficIn.get(recording)?.all ?? [];
}

/** Takes in an event of the trace. */
export function noteExchange(recording: Recording, event: TraceEvent): void {
  if (event.type === 'request') {
    if (!isNoted(event)) return;
    const { from, to, method, path, at } = event;
    const exchange: Exchange = { from, to, method, path, at };
    const { open, all } = trafficOf(recording);
    open.set(event.id, exchange);
    all.push(exchange);
    return;
  }
  if (event.type !== 'response' && event.type !== 'end' && event.type !== 'failure') return;
  const { open } = trafficOf(recording);
  const exchange = open.get(event.id);
  if (!exchange) return;
  if (event.type === 'response') {
    exchange.status = event.status;
    return;
  }
  exchange.endedAt = event.at;
  open.delete(event.id);
}

function isNoted({ from, to, path }: { readonly from: string; readonly to: string; readonly path: string }): boolean {
  return from === 'operator' && (!to.startsWith('kubernetes') || path.includes('/log?') || path.endsWith('/log'));
}

function trafficOf(recording: Recording): Traffic {
  let traffic = trafficIn.get(recording);
  if (!traffic) {
    traffic = { open: new Map(), all: [] };
    trafficIn.set(recording, traffic);
  }
  return traffic;
}
