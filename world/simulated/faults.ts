/** Faults of the network as plain data. `from` is a process's name, `to` a host's; absent means any. */
interface FaultTarget {
  readonly from?: string;
  readonly to?: string;
}

export type NetworkFault = FaultTarget &
  (
    | { readonly kind: 'latency'; readonly minimumMs: number; readonly maximumMs: number }
    /** The connection breaks: with `side: 'request'` before the server sees it, with `response` after it has acted. */
    | { readonly kind: 'loss'; readonly probability: number; readonly side: 'request' | 'response' }
    /** Breaks what is open at this moment. */
    | { readonly kind: 'reset' }
    /** Nothing passes in either direction: new requests time out, open streams stall until it heals. */
    | { readonly kind: 'partition' }
    /** The connection is refused, as when nobody listens. */
    | { readonly kind: 'refuse' }
    /** The server answers with this status instead of handling the request. */
    | { readonly kind: 'status'; readonly status: number; readonly retryAfterSeconds?: number }
    | { readonly kind: 'slow-body'; readonly bytesPerSecond: number }
  );

export function describeFault(fault: NetworkFault): string {
  const link = `${fault.from ?? 'any'} -> ${fault.to ?? 'any'}`;
  switch (fault.kind) {
    case 'latency':
      return `${link}: ${fault.minimumMs} to ${fault.maximumMs} ms more latency`;
    case 'loss':
      return `${link}: ${fault.probability * 100} % of ${fault.side}s lost`;
    case 'reset':
      return `${link}: open connections reset`;
    case 'partition':
      return `${link}: partition`;
    case 'refuse':
      return `${link}: connections refused`;
    case 'status':
      return `${link}: answers ${fault.status}`;
    case 'slow-body':
      return `${link}: bodies at ${fault.bytesPerSecond} bytes/s`;
  }
}
