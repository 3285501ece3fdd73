/** Every version of every Job, CronJob, Pod and Event of a namespace, as a client sees it come. */
import type { KubernetesClient, WatchHandle, WatchOptions } from '../../../kubernetes/client.ts';
import type { KubernetesObject } from '../../../kubernetes/objects.ts';
import { cronJobs, events, jobs, pods, type ResourceType } from '../../../kubernetes/resources.ts';
import type { Clock } from '../../../world/clock.ts';

export interface Version {
  /** Epoch ms at which it was seen. */
  readonly at: number;
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly object: KubernetesObject;
}

const watched: readonly ResourceType[] = [jobs, cronJobs, pods, events];

/** What a watch said that was no object; nothing can be compared then. */
export class WatchBrokenError extends Error {
  override readonly name = 'WatchBrokenError';
  readonly resource: string;

  constructor(resource: string, what: string) {
    super(`the watch of ${resource} broke: ${what}`);
    this.resource = resource;
  }
}

interface WatchOrder {
  readonly client: KubernetesClient;
  readonly clock: Clock;
  readonly options: WatchOptions;
}

export class Observation {
  readonly #byNamespace = new Map<string, Version[]>();
  readonly #handles = new Set<WatchHandle>();
  #broken: WatchBrokenError | undefined;
  #stopped = false;

  /** Watches all namespaces, or one. */
  async start(client: KubernetesClient, clock: Clock, namespace?: string): Promise<void> {
    const options = namespace === undefined ? {} : { namespace };
    for (const type of watched) await this.#watch(type, { client, clock, options });
  }

  stop(): void {
    this.#stopped = true;
    for (const handle of this.#handles) handle.stop();
  }

  /**
   * A watch that the server ends, as it ends those that read too slowly on a busy machine, goes on behind the last
   * version seen.
   */
  async #watch(type: ResourceType, { client, clock, options }: WatchOrder): Promise<void> {
    let { resourceVersion } = options;
    const handle = await client.watch(type, options, ({ type: kind, object }) => {
      if (kind === 'ERROR' || kind === 'BOOKMARK') {
        this.#break(type, JSON.stringify(object));
        return;
      }
      resourceVersion = object.metadata?.resourceVersion ?? resourceVersion;
      // Objects of a watch are told apart by their kind.
      this.#note({ at: clock.now(), type: kind, object: { ...object, kind: type.kind } });
    });
    this.#handles.add(handle);
    void handle.ended.then(async () => {
      this.#handles.delete(handle);
      if (this.#stopped || this.#broken) return;
      const from = resourceVersion === undefined ? options : { ...options, resourceVersion };
      await this.#watch(type, { client, clock, options: from }).catch((error) => this.#break(type, String(error)));
    });
  }

  /** In the order in which they came, by kind; throws when a watch broke. */
  of(namespace: string): readonly Version[] {
    if (this.#broken) throw this.#broken;
    return this.#byNamespace.get(namespace) ?? [];
  }

  /** The newest version of an object that a case names; undefined when it was never there. See `Target`. */
  find(namespace: string, target: string): KubernetesObject | undefined {
    const [kind = '', name = ''] = target.split('/');
    const [prefix = '', number] = name.split('#');
    const ofKind = this.of(namespace).filter(({ object }) => object.kind?.toLowerCase() === kind);
    const isNamed = ({ object: { metadata } }: Version) =>
      number === undefined
        ? metadata?.name === name
        : metadata?.name?.slice(0, -5) === `${prefix}-` && metadata.generateName !== undefined;
    const uids = [...new Set(ofKind.filter(isNamed).map(({ object }) => object.metadata?.uid))];
    const uid = number === undefined ? uids.at(-1) : uids[Number(number) - 1];
    return ofKind.findLast(({ object }) => uid !== undefined && object.metadata?.uid === uid)?.object;
  }

  #note(version: Version): void {
    const namespace = version.object.metadata?.namespace ?? '';
    const versions = this.#byNamespace.get(namespace) ?? [];
    versions.push(version);
    this.#byNamespace.set(namespace, versions);
  }

  #break(type: ResourceType, what: string): void {
    if (!this.#stopped) this.#broken ??= new WatchBrokenError(type.plural, what);
  }
}
