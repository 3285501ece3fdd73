/** Every version of every Job, CronJob, Pod and Event of a namespace, as a client sees it come. */
import type { KubernetesClient, WatchHandle } from '../../../kubernetes/client.ts';
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

export class Observation {
  readonly #byNamespace = new Map<string, Version[]>();
  readonly #handles: WatchHandle[] = [];
  #broken: WatchBrokenError | undefined;
  #stopped = false;

  /** Watches all namespaces, or one. */
  async start(client: KubernetesClient, clock: Clock, namespace?: string): Promise<void> {
    for (const type of watched) {
      const handle = await client.watch(type, namespace === undefined ? {} : { namespace }, (event) => {
        if (event.type === 'ERROR' || event.type === 'BOOKMARK') {
          this.#break(type, JSON.stringify(event.object));
          return;
        }
        // Objects of a watch are told apart by their kind.
        this.#note({ at: clock.now(), type: event.type, object: { ...event.object, kind: type.kind } });
      });
      this.#handles.push(handle);
      void handle.ended.then((error) => this.#break(type, error?.message ?? 'it ended'));
    }
  }

  stop(): void {
    this.#stopped = true;
    for (const handle of this.#handles) handle.stop();
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
