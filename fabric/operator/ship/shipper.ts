/**
 * Ships container logs from the cluster to managed content while they grow: several at once, in constant memory, under
 * a common rate, with a ledger of what is missing. Begin reading here; one log is `shipment.ts`, one stream of it
 * `reading.ts`.
 */
import type { KubernetesClient, NodeLogs } from '../../../kubernetes/client.ts';
import type { World } from '../../../world/world.ts';
import { Bandwidth } from './bandwidth.ts';
import { BatchSize } from './batch-size.ts';
import { ContentClient } from './content-client.ts';
import type { Ledger } from './ledger.ts';
import { type ContainerEnd, PodLog } from './pod-log.ts';
import { Semaphore } from './semaphore.ts';
import { Shipment } from './shipment.ts';

const streamsDefault = 32;
const batchMemoryDefaultBytes = 16 * 1024 * 1024;

interface LogShipperOptions {
  readonly world: World;
  readonly client: KubernetesClient;
  /** Given when the node's own log files may be read: faster, and rotated ones are not lost. */
  readonly nodeLogs?: NodeLogs;
  /** Base URL of managed content, without a slash at its end. */
  readonly contentUrl: string;
  /** Logs at once; 32 unless given. */
  readonly maximumStreams?: number;
  /** Of all streams together; no limit unless given. */
  readonly bytesPerSecond?: number;
  /** For the batches of all streams; 16 MiB unless given. Each stream may have 2 MiB in any case. */
  readonly batchMemoryBytes?: number;
  /** Time to live of the stored logs; content's own rule unless given. */
  readonly ttlSeconds?: number;
}

/** Which container's log to ship where. */
export interface LogSource {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
  readonly project: string;
  /** The log is stored under `tasks/<folder>/log.txt`. Of one folder ship one container after the other. */
  readonly folder: string;
  /** What a watch has seen of the container's end: what is left to judge by when the pod is gone. */
  readonly end?: () => ContainerEnd | undefined;
  /**
   * Told how much of the log is stored, pods before this one included: what is left to say when the shipping is given
   * up.
   */
  readonly onStored?: (stored: { readonly lines: number; readonly bytes: number }) => void;
}

export class LogShipper {
  readonly #options: LogShipperOptions;
  readonly #streams: Semaphore;
  readonly #bandwidth: Bandwidth;
  readonly #batchSize: BatchSize;

  constructor(options: LogShipperOptions) {
    this.#options = options;
    this.#streams = new Semaphore(options.maximumStreams ?? streamsDefault);
    this.#bandwidth = new Bandwidth(options.world.clock, options.bytesPerSecond);
    this.#batchSize = new BatchSize(options.batchMemoryBytes ?? batchMemoryDefaultBytes);
  }

  /**
   * Ships one container's log to its end, however often the way there breaks, and resolves with what is stored and what
   * is missing. Calling it again for the same container goes on where it was; when all is stored it answers at once.
   * Rejects only with the signal's reason, or when managed content refuses the log for good.
   */
  async ship(source: LogSource, signal: AbortSignal): Promise<Ledger> {
    const release = await this.#streams.take(signal);
    const leave = this.#batchSize.join();
    try {
      const { world, client, nodeLogs, contentUrl, ttlSeconds } = this.#options;
      const { project, folder, pod, container, end, onStored } = source;
      const content = new ContentClient({ world, contentUrl, project, folder, ttlSeconds, onStand: onStored });
      const podLog = new PodLog(world, client, source, nodeLogs);
      const key = `tasks/${folder}/log.txt`;
      const shared = { bandwidth: this.#bandwidth, batchSize: this.#batchSize };
      return await new Shipment({ world, podLog, content, ...shared, pod, container, key, end }).run(signal);
    } finally {
      leave();
      release();
    }
  }
}
