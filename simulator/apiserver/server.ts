/**
 * The API server: Kubernetes' REST interface over a Store. Begin reading at `http/handler.ts` for requests over HTTP,
 * at `client.ts` for those of the simulator's own controllers; both come to create.ts, update.ts, patch.ts, delete.ts,
 * list.ts and watch.ts.
 */

import type { KubernetesClient } from '../../kubernetes/client.ts';
import type { ResourceType } from '../../kubernetes/resources.ts';
import { ownMember } from '../../world/members.ts';
import type { HttpHandler, Listener } from '../../world/network.ts';
import type { World } from '../../world/world.ts';
import { administrator, authenticate } from './auth/authentication.ts';
import type { Caller } from './auth/caller.ts';
import { tokenUser } from './auth/service-account-tokens.ts';
import type { Backend } from './backend.ts';
import { InProcessClient } from './client.ts';
import { Definitions } from './definitions/definitions.ts';
import { ApiFaults, type FaultRecorder } from './faults/faults.ts';
import { createHandler } from './http/handler.ts';
import { ServerFront } from './http/server-front.ts';
import { Registry } from './kinds/registry.ts';
import { bootstrap } from './operations/bootstrap.ts';
import { expireEvents } from './operations/event-expiry.ts';
import { noProse, type Prose } from './schema/prose.ts';
import { Store } from './storage/store.ts';
import { WatchDeliveries } from './watch/deliveries.ts';
import { WatchRounds } from './watch/rounds.ts';

export interface ApiServerOptions {
  readonly world: World;
  /** The storage; it survives the server. A new one when absent. */
  readonly store?: Store;
  /** Bearer token to user. Absent: everybody is an administrator, token or none. */
  readonly tokens?: Readonly<Record<string, Caller>>;
  /**
   * Kinds (`apps/Deployment`, `/Service`) that no controller acts upon in this cluster: a warning says so to whoever
   * creates one.
   */
  readonly storedOnly?: readonly string[];
  /** How node agents are spoken to; http when absent. */
  readonly agentScheme?: 'http' | 'https';
  /** What documents and tables say of members; nothing, or our own words, when absent. */
  readonly prose?: Prose;
  /** Bounds of the delay of watch events behind the writes, ms, drawn anew for each delivery. */
  readonly watchLagMs?: { readonly minimum: number; readonly maximum: number };
  /** Told of each fault that is injected or healed. */
  readonly recordFault?: FaultRecorder;
}

const usualLagMs = { minimum: 1, maximum: 5 };

export class ApiServer {
  readonly handler: HttpHandler;
  readonly store: Store;
  /** What goes wrong at present: nothing, unless it is injected here. */
  readonly faults: ApiFaults;
  readonly #front: ServerFront;
  readonly #backend: Backend;
  readonly #stops: readonly (() => void)[];

  constructor(options: ApiServerOptions) {
    const { world, tokens, watchLagMs = usualLagMs, agentScheme = 'http', prose = noProse } = options;
    this.store = options.store ?? new Store(world.clock, world.random.stream('apiserver-secret').uuid());
    const lag = world.random.stream('apiserver-watch-lag');
    const isPrompt = watchLagMs.maximum === 0;
    const lagMs = () => (isPrompt ? 0 : lag.integer(watchLagMs.minimum, watchLagMs.maximum));
    this.#front = new ServerFront(world, (request, response) => this.handler(request, response));
    const watchCache = { from: 0 };
    const restart = (downMs: number) =>
      this.#front.restart(downMs, () => {
        watchCache.from = this.store.version;
      });
    this.faults = new ApiFaults(world, { restart }, options.recordFault);
    this.#backend = {
      world,
      faults: this.faults,
      watchCache,
      store: this.store,
      registry: new Registry(),
      lagMs,
      deliveries: isPrompt ? new WatchDeliveries(world.clock) : undefined,
      watchRounds: new WatchRounds(world.clock),
      watches: new Set(),
      storedOnly: new Set(options.storedOnly),
      agentScheme,
      prose,
      findToken: (token) => ownMember(tokens, token),
    };
    bootstrap(this.#backend);
    this.#stops = [new Definitions(this.#backend).start(), expireEvents(this.#backend)];
    this.handler = createHandler({
      backend: this.#backend,
      authenticate: (header) =>
        tokens
          ? authenticate(header, (token) => ownMember(tokens, token) ?? tokenUser(this.#backend, token))
          : administrator,
    });
  }

  /** Serves HTTP under the address; only what listens so can be restarted by a fault. */
  listen(address: string): Promise<Listener> {
    return this.#front.listen(address);
  }

  /**
   * A client in process, for a controller of that name; managedFields name the program. Objects that it returns are
   * frozen: copy them to change them.
   */
  client(caller: string, program = caller): KubernetesClient {
    return new InProcessClient(this.#backend, caller, program);
  }

  /** All types that are served now and whose objects are stored, custom ones too. */
  resources(): ResourceType[] {
    return this.#backend.registry.all().filter((each) => each.verbs.includes('list'));
  }

  /**
   * Calls back once, as soon as more than `beyond` objects of that type are stored: at once if there are. What is
   * returned gives that up.
   */
  whenStored({ group, plural }: ResourceType, begin: () => void, beyond = 0): () => void {
    const table = this.store.table(group === '' ? plural : `${plural}.${group}`);
    if (table.count > beyond) {
      begin();
      return () => {};
    }
    const cancel = table.subscribe(() => {
      if (table.count <= beyond) return;
      cancel();
      begin();
    });
    return cancel;
  }

  /** Cuts all watches and does nothing by itself any more. The store stays as it is. */
  stop(): void {
    for (const stop of this.#stops) stop();
    for (const watch of [...this.#backend.watches]) watch.stop(true);
  }
}
