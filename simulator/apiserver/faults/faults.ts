/**
 * The faults of the API that hold at present. Each draws from a random stream of its own, so that one more fault shifts
 * nobody else's numbers; with none injected nothing is drawn and nothing takes longer.
 */
import type { RandomStream } from '../../../world/random.ts';
import type { World } from '../../../world/world.ts';
import { type ApiFault, type ApiFaultKind, type ApiFaultOf, describeApiFault } from './fault.ts';
import { concerns, type FaultSubject } from './target.ts';

export interface ActiveApiFault {
  readonly fault: ApiFault;
  readonly description: string;
  /** Ends it; a server that is down comes back. */
  heal(): void;
}

/** Told of each change, for the trace. */
export type FaultRecorder = (change: 'injected' | 'healed', id: number, description: string) => void;

/** What the server must do itself. */
export interface FaultedServer {
  /** Goes down now; comes back after `downMs`, or when the returned function is called. */
  restart(downMs: number): () => void;
}

/** A fault that hits a subject, and its chance. */
export interface Striking<Kind extends ApiFaultKind> {
  readonly fault: ApiFaultOf<Kind>;
  readonly random: RandomStream;
}

interface Entry {
  readonly fault: ApiFault;
  readonly random: RandomStream;
}

export class ApiFaults {
  readonly #world: World;
  readonly #server: FaultedServer;
  readonly #record: FaultRecorder;
  readonly #active = new Map<number, Entry>();
  readonly #listeners = new Set<() => void>();
  #count = 0;

  constructor(world: World, server: FaultedServer, record: FaultRecorder = () => undefined) {
    this.#world = world;
    this.#server = server;
    this.#record = record;
  }

  /** True while there is none. */
  get isQuiet(): boolean {
    return this.#active.size === 0;
  }

  /** Makes a fault happen from now on, until it is healed. */
  inject(fault: ApiFault): ActiveApiFault {
    const id = ++this.#count;
    const description = describeApiFault(fault);
    this.#active.set(id, { fault, random: this.#world.random.stream(`apiserver-fault-${id}`) });
    this.#record('injected', id, description);
    const comeBack = fault.kind === 'api-restart' ? this.#server.restart(fault.downMs) : undefined;
    for (const listener of [...this.#listeners]) listener();
    return {
      fault,
      description,
      heal: () => {
        if (!this.#active.delete(id)) return;
        this.#record('healed', id, description);
        comeBack?.();
      },
    };
  }

  /** The faults of that kind that hit the subject, oldest first. */
  hitting<Kind extends ApiFaultKind>(kind: Kind, subject: FaultSubject): Striking<Kind>[] {
    if (this.isQuiet) return [];
    return [...this.#active.values()].filter(
      (entry): entry is Striking<Kind> => entry.fault.kind === kind && concerns(entry.fault, subject),
    );
  }

  /** The first fault of that kind that hits the subject and whose chance strikes now. */
  strike<Kind extends 'write-conflicts' | 'requests-refused' | 'answers-lost' | 'watch-expired'>(
    kind: Kind,
    subject: FaultSubject,
  ): ApiFaultOf<Kind> | undefined {
    const found = this.hitting(kind, subject).find(({ fault, random }) => random.next() < probabilityOf(fault));
    if (found) this.#note(found.fault, subject);
    return found?.fault;
  }

  /** Calls the listener after each injection until the returned function is called. */
  onInjected(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** A line of the server's log for what was done to a request. */
  #note(fault: ApiFault, { caller, verb, resource }: FaultSubject): void {
    this.#world.log.info('a fault strikes', { fault: fault.kind, caller, verb, resource: resource.plural });
  }
}

function probabilityOf(fault: ApiFault): number {
  return 'probability' in fault ? fault.probability : 1;
}

interface Span {
  readonly fault: { readonly minimumMs: number; readonly maximumMs: number };
  readonly random: RandomStream;
}

/** A drawn number of ms. */
export function drawMs({ fault, random }: Span): number {
  return random.integer(fault.minimumMs, fault.maximumMs);
}
