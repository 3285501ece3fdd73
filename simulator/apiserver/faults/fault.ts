/**
 * Faults of the Kubernetes API as plain data: what a loaded, restarted or many-headed API server does to its clients.
 * Each is off unless injected (`faults.ts`), and applied in `requests.ts`, `reads.ts` and `watches.ts` only.
 * docs/faults.md tells them with examples.
 */

/**
 * Whom a fault hits. Absent members hit all; the simulator's own controllers, which are in the server's process, are
 * hit by their name only.
 */
export interface ApiFaultTarget {
  /**
   * The program in User-Agent (`kubectl`), the process whose client it is (`operator`), or a controller
   * (`job-controller`).
   */
  readonly caller?: string;
  /** `write` stands for create, update, patch, delete and deletecollection. */
  readonly verb?: ApiVerb;
  /** `pods`, `jobs.batch`, or of a subresource alone `jobs.batch/status`. */
  readonly resource?: string;
  /** Requests and objects of this namespace. */
  readonly namespace?: string;
}

export const apiVerbs = [
  'get',
  'list',
  'watch',
  'create',
  'update',
  'patch',
  'delete',
  'deletecollection',
  'write',
] as const;

export type ApiVerb = (typeof apiVerbs)[number];

/** `end`: a clean end. `expired`: an ERROR event 410, then the end. `error`: an ERROR event 500, then the end. */
export const cutForms = ['end', 'reset', 'expired', 'error'] as const;

/** How a write that was committed looks to its sender: a reset, silence until the client gives up, 500, or 504. */
export const lostAnswerForms = ['reset', 'silence', 'error', 'timeout'] as const;

export type ApiFault = ApiFaultTarget &
  /**
   * Another writer comes just before: PUT and DELETE of an older version fail with 409, PATCH as after five lost races.
   */
  (
    | { readonly kind: 'write-conflicts'; readonly probability: number }
    /**
     * Reads show the state of so many ms ago, drawn for each: those that allow it (`resourceVersion` given, watches
     * from 0), or with `reads: 'all'` also those that must not, as behind a cache of one's own.
     */
    | {
        readonly kind: 'stale-reads';
        readonly minimumMs: number;
        readonly maximumMs: number;
        readonly reads?: 'cached' | 'all';
      }
    /** Watch events come so much later, drawn for each delivery, in their order. */
    | { readonly kind: 'watch-lag'; readonly minimumMs: number; readonly maximumMs: number }
    /** One watch never sees an event; drawn for each event and watch. */
    | { readonly kind: 'watch-events-lost'; readonly probability: number }
    /** An event comes twice. */
    | { readonly kind: 'watch-events-repeated'; readonly probability: number }
    /** Each watch is cut so many ms after it was opened, or after the fault began; drawn for each. */
    | {
        readonly kind: 'watch-cut';
        readonly minimumMs: number;
        readonly maximumMs: number;
        readonly how: (typeof cutForms)[number];
      }
    /** A watch from a version is told that it is too old. */
    | { readonly kind: 'watch-expired'; readonly probability: number }
    /** Requests are refused with this status and nothing happens: 429 of a busy server, 500, 503. */
    | {
        readonly kind: 'requests-refused';
        readonly status: number;
        readonly probability: number;
        readonly retryAfterSeconds?: number;
      }
    /** Writes are committed and their answers never arrive. */
    | {
        readonly kind: 'answers-lost';
        readonly probability: number;
        readonly how: (typeof lostAnswerForms)[number];
      }
    /** The server is down for so long and comes back with its state and an empty watch cache. It has no target. */
    | { readonly kind: 'api-restart'; readonly downMs: number }
  );

export type ApiFaultKind = ApiFault['kind'];
export type ApiFaultOf<Kind extends ApiFaultKind> = Extract<ApiFault, { readonly kind: Kind }>;

const kinds: Readonly<Record<ApiFaultKind, true>> = {
  'write-conflicts': true,
  'stale-reads': true,
  'watch-lag': true,
  'watch-events-lost': true,
  'watch-events-repeated': true,
  'watch-cut': true,
  'watch-expired': true,
  'requests-refused': true,
  'answers-lost': true,
  'api-restart': true,
};

export const apiFaultKinds = Object.keys(kinds) as readonly ApiFaultKind[];

/** True for a fault of the API, false for one of the network or of a service. */
export function isApiFault<Other extends { readonly kind: string }>(fault: ApiFault | Other): fault is ApiFault {
  return Object.hasOwn(kinds, fault.kind);
}

export function describeApiFault(fault: ApiFault): string {
  return `API${targetWords(fault)}: ${effectWords(fault)}`;
}

function targetWords({ caller, verb, resource, namespace }: ApiFaultTarget): string {
  const words = [
    ...(caller === undefined ? [] : [`to ${caller}`]),
    ...(verb === undefined ? [] : [verb]),
    ...(resource === undefined ? [] : [resource]),
    ...(namespace === undefined ? [] : [`in ${namespace}`]),
  ];
  return words.map((word) => ` ${word}`).join('');
}

function effectWords(fault: ApiFault): string {
  switch (fault.kind) {
    case 'write-conflicts':
      return `${percent(fault)} of writes come second`;
    case 'stale-reads':
      return `${fault.reads ?? 'cached'} reads are ${range(fault)} old`;
    case 'watch-lag':
      return `watch events come ${range(fault)} late`;
    case 'watch-events-lost':
      return `${percent(fault)} of watch events lost`;
    case 'watch-events-repeated':
      return `${percent(fault)} of watch events come twice`;
    case 'watch-cut':
      return `watches are cut after ${range(fault)} (${fault.how})`;
    case 'watch-expired':
      return `${percent(fault)} of resumed watches are too old`;
    case 'requests-refused': {
      const { status, retryAfterSeconds: after } = fault;
      return `${percent(fault)} of requests answered ${status}${after === undefined ? '' : `, retry after ${after} s`}`;
    }
    case 'answers-lost':
      return `${percent(fault)} of writes committed without an answer (${fault.how})`;
    case 'api-restart':
      return `restart, down for ${fault.downMs} ms`;
  }
}

function percent({ probability }: { readonly probability: number }): string {
  return `${Math.round(probability * 1000) / 10} %`;
}

function range({ minimumMs, maximumMs }: { readonly minimumMs: number; readonly maximumMs: number }): string {
  return `${minimumMs} to ${maximumMs} ms`;
}
