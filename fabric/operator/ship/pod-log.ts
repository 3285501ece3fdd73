/** The cluster's side of a shipment: the container's log and state, through the Kubernetes client. */
import {
  ApiStatusError,
  hasReason,
  type KubernetesClient,
  type LogOptions,
  type NodeLogs,
} from '../../../kubernetes/client.ts';
import type { ContainerStatus, Pod } from '../../../kubernetes/objects.ts';
import { pods } from '../../../kubernetes/resources.ts';
import type { World } from '../../../world/world.ts';
import { type Instant, parseInstant } from '../../podlog/instant.ts';
import { LogScanner, type Piece } from '../../podlog/scanner.ts';
import { Backoff } from './backoff.ts';
import { LastLineTracker, type LogTail } from './last-line.ts';
import { NodeFiles } from './node-files/node-files.ts';

/** How long an API server that is busy, or cannot serve, is asked again before that counts as its answer. */
const patienceMs = 5 * 60_000;

/**
 * `follow`: the log API, as the log grows, to the container's end. `present`: the log API, to the present end: about
 * twice as fast. `files`: the node's own files, to the present end, rotated ones included.
 */
export type ReadMode = 'follow' | 'present' | 'files';

/** Where the container stands. */
export type ContainerState =
  | { readonly kind: 'gone' }
  /** Not started, or starting anew. */
  | { readonly kind: 'waiting' }
  | { readonly kind: 'running'; readonly startedAt?: number }
  /** `hasRun` is false when there never was a log. */
  | ({ readonly kind: 'ended'; readonly hasRun: boolean; readonly startedAt?: number } & Partial<ContainerEnd>);

/** What a node says of the end of a container. */
export interface ContainerEnd {
  /** Epoch ms; nodes say whole seconds. */
  readonly finishedAt: number;
  /** Instances of it that ran before this one. */
  readonly restarts: number;
}

export class PodLog {
  readonly #world: World;
  readonly #client: KubernetesClient;
  readonly #backoff: Backoff;
  readonly #namespace: string;
  readonly #pod: string;
  readonly #container: string;
  #nodeLogs: NodeLogs | undefined;
  #files: NodeFiles | undefined;

  /** With `nodeLogs` the node's own files can be read, once the pod has been seen on a node. */
  constructor(
    world: World,
    client: KubernetesClient,
    run: { readonly namespace: string; readonly pod: string; readonly container: string },
    nodeLogs?: NodeLogs,
  ) {
    this.#world = world;
    this.#client = client;
    this.#backoff = new Backoff(world);
    this.#namespace = run.namespace;
    this.#pod = run.pod;
    this.#container = run.container;
    this.#nodeLogs = nodeLogs;
  }

  /** The node's own files; undefined while the pod has not been seen on a node, and when they are not to be read. */
  get files(): NodeFiles | undefined {
    return this.#files;
  }

  /** The files cannot be read: only the log API from now on. */
  leaveFiles(): void {
    this.#nodeLogs = undefined;
    this.#files = undefined;
  }

  /** Reads the log with times, from the second `sinceTime` on. */
  read(mode: ReadMode, sinceTime: string | undefined, signal: AbortSignal): Promise<AsyncIterable<Buffer>> {
    if (mode !== 'files') return this.#readByApi(mode === 'follow', sinceTime, signal);
    if (!this.#files) throw new TypeError(`the files of ${this.#pod} are read before its node is known`);
    return this.#files.read(sinceTime === undefined ? undefined : parseInstant(sinceTime), signal);
  }

  async #readByApi(
    follow: boolean,
    sinceTime: string | undefined,
    signal: AbortSignal,
  ): Promise<AsyncIterable<Buffer>> {
    const since = sinceTime === undefined ? {} : { sinceTime };
    const options = { container: this.#container, follow, timestamps: true, ...since };
    const begun = this.#world.clock.now();
    for (;;) {
      try {
        const stream = await this.#client.log(this.#namespace, this.#pod, options, signal);
        this.#backoff.reset();
        return stream;
      } catch (error) {
        signal.throwIfAborted();
        if (!(error instanceof ApiStatusError) || this.#isAnswer(error, begun)) throw error;
      }
      await this.#backoff.wait(signal);
    }
  }

  async state(): Promise<ContainerState> {
    try {
      const pod = await this.#client.get<Pod>(pods, this.#namespace, this.#pod);
      this.#files ??= this.#filesOf(pod);
      return stateOf(pod, this.#container);
    } catch (error) {
      if (hasReason(error, 'NotFound')) return { kind: 'gone' };
      throw error;
    }
  }

  #filesOf({ metadata, spec }: Pod): NodeFiles | undefined {
    const { nodeName: node } = spec ?? {};
    const { uid } = metadata ?? {};
    if (!this.#nodeLogs || node === undefined || uid === undefined) return undefined;
    const [namespace, pod, container] = [this.#namespace, this.#pod, this.#container];
    return new NodeFiles(this.#nodeLogs, { node, namespace, pod, uid, container });
  }

  /** So many records from the end of the log of a container that has ended. Rejects when the cluster refuses it. */
  async tail(records: number, signal: AbortSignal): Promise<LogTail> {
    const tracker = await this.#read({ tailLines: records }, signal, () => new LastLineTracker());
    return { last: tracker.last(), hasLinesBefore: tracker.hasLinesBefore, bytes: tracker.bytes };
  }

  /** Time of the first line that the cluster still has. Rejects when the cluster refuses it. */
  async firstInstant(signal: AbortSignal): Promise<Instant | undefined> {
    return (await this.#read({ limitBytes: 64 }, signal, () => new FirstInstant())).instant;
  }

  /** False for what says nothing of the log: too many requests, or a server that is in trouble itself. */
  #isAnswer({ code }: ApiStatusError, begun: number): boolean {
    return (code !== 429 && code < 500) || this.#world.clock.now() - begun >= patienceMs;
  }

  /** Reads a short part of the log, again and again while the network or the server fails. */
  async #read<T extends Pick<LastLineTracker, 'see'>>(
    part: LogOptions,
    signal: AbortSignal,
    begin: () => T,
  ): Promise<T> {
    const options = { container: this.#container, timestamps: true, ...part };
    const begun = this.#world.clock.now();
    for (;;) {
      const reader = begin();
      const scanner = new LogScanner();
      try {
        for await (const chunk of await this.#client.log(this.#namespace, this.#pod, options, signal)) {
          scanner.push(chunk, (piece) => reader.see(piece));
        }
        this.#backoff.reset();
        return reader;
      } catch (error) {
        signal.throwIfAborted();
        if (error instanceof ApiStatusError && this.#isAnswer(error, begun)) throw error;
      }
      await this.#backoff.wait(signal);
    }
  }
}

function stateOf(pod: Pod, container: string): ContainerState {
  const { running, terminated } = statusOf(pod, container)?.state ?? {};
  const { startedAt } = terminated ?? running ?? {};
  // Of a container whose program could not be run, nodes say the epoch: it never began, and its log is empty.
  const startedMs = startedAt ? Date.parse(startedAt) : 0;
  const started = startedMs > 0 ? { startedAt: startedMs } : {};
  if (terminated) return { kind: 'ended', hasRun: true, ...started, ...endOf(pod, container) };
  const isPodOver = pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed';
  if (isPodOver) return { kind: 'ended', hasRun: running !== undefined };
  return running ? { kind: 'running', ...started } : { kind: 'waiting' };
}

/** How the container ended; undefined while it has not, and when nobody knows. */
export function endOf(pod: Pod, container: string): ContainerEnd | undefined {
  const status = statusOf(pod, container);
  const { finishedAt } = status?.state?.terminated ?? {};
  return finishedAt ? { finishedAt: Date.parse(finishedAt), restarts: status?.restartCount ?? 0 } : undefined;
}

function statusOf(pod: Pod, container: string): ContainerStatus | undefined {
  return pod.status?.containerStatuses?.find((candidate) => candidate.name === container);
}

class FirstInstant {
  instant: Instant | undefined;

  see(piece: Piece): void {
    this.instant ??= piece.instant;
  }
}
