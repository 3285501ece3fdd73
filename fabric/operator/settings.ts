/** The operator's settings: from flags and environment alone, with defaults here and nowhere else. */
import type { KubernetesClient, NodeLogs } from '../../kubernetes/client.ts';
import type { World } from '../../world/world.ts';
import type { PodLogShipper } from './logs/run-shipping.ts';

export interface OperatorOptions {
  readonly world: World;
  readonly client: KubernetesClient;
  /** Absent: all namespaces. */
  readonly namespace?: string;
  /** Absent: nothing is reported, and the task pools' history limits hold. */
  readonly gatewayUrl?: string;
  /** The internal credential, sent to gateway and managed content. */
  readonly credential?: string;
  /** Absent: logs stay in the cluster. */
  readonly contentUrl?: string;
  readonly reports?: {
    readonly requestsPerSecond?: number;
    readonly concurrency?: number;
    readonly baseDelayMs?: number;
    readonly maximumDelayMs?: number;
    readonly timeoutMs?: number;
  };
  readonly logs?: {
    readonly maximumStreams?: number;
    readonly bytesPerSecond?: number;
    readonly ttlSeconds?: number;
    /** Given when the nodes' own log files may be read. */
    readonly nodeLogs?: NodeLogs;
  };
  /** Keys handled at once; default 8. */
  readonly workers?: number;
  /** How long a finished, persisted one-time Task stays if neither it nor its pool says so; default one hour. */
  readonly finishedTaskTtlSeconds?: number;
  /** How long a finished run waits for its record and log to be safe before it may be removed; default one day. */
  readonly safetyDeadlineSeconds?: number;
  /** The same for a run that is being deleted; default ten minutes. */
  readonly deletionDeadlineSeconds?: number;
  /** For tests: stands in for the log shipper. */
  readonly shipper?: PodLogShipper;
}

export interface Settings {
  readonly workers: number;
  readonly finishedTaskTtlMs: number;
  readonly safetyDeadlineMs: number;
  readonly deletionDeadlineMs: number;
  /** How often everything is listed anew, for events that never came, ms. */
  readonly relistEveryMs: number;
  /** How long after a planned start the operator looks whether it was made, ms. */
  readonly startGraceMs: number;
  /** When a Task that was refused for its surroundings is looked at again, ms. */
  readonly refusedRetryMs: number;
  /** How long a one-time Task may be refused for its surroundings before it is FAILED, ms. */
  readonly refusalDeadlineMs: number;
}

export function settingsOf(options: OperatorOptions): Settings {
  return {
    workers: options.workers ?? 8,
    finishedTaskTtlMs: (options.finishedTaskTtlSeconds ?? 3_600) * 1000,
    safetyDeadlineMs: (options.safetyDeadlineSeconds ?? 86_400) * 1000,
    deletionDeadlineMs: (options.deletionDeadlineSeconds ?? 600) * 1000,
    relistEveryMs: 600_000,
    startGraceMs: 5_000,
    refusedRetryMs: 10_000,
    refusalDeadlineMs: 60_000,
  };
}
