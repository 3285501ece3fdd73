/** What the gateway is started with, and what its routes work on. */
import type { KubernetesClient } from '../../kubernetes/client.ts';
import type { Clock } from '../../world/clock.ts';
import type { World } from '../../world/world.ts';
import type { Authenticator } from './authenticate.ts';
import type { Store } from './stores/store.ts';
import type { TaskRecords } from './tasks/records.ts';

export interface GatewayOptions {
  readonly world: World;
  /** `host:port` to listen on. */
  readonly address: string;
  /** Closed by whoever opened it. */
  readonly store: Store;
  /** Without one there are no schedules, no live logs and no new Tasks. */
  readonly client?: KubernetesClient;
  /** Namespace in which Tasks are made; `default` unless given. Tasks of all namespaces are listed. */
  readonly namespace?: string;
  /** Base URL of managed content, without a slash at its end. */
  readonly contentUrl?: string;
  readonly authenticator?: Authenticator;
  /**
   * Paces followed logs and heartbeats towards clients, and is the clock of `serverTs`. The World's unless given: give the machine's
   * when clients are real and the World's time is not (contract 1.4, 2.2).
   */
  readonly pacingClock?: Clock;
  /** Bytes of a log that are answered as one string; 1 MiB unless given. */
  readonly logTextBytesMaximum?: number;
}

/** What routes are given. */
export interface Gateway {
  readonly world: World;
  readonly records: TaskRecords;
  readonly client: KubernetesClient | undefined;
  readonly namespace: string;
  readonly contentUrl: string | undefined;
  readonly authenticator: Authenticator;
  readonly pacingClock: Clock;
  readonly logTextBytesMaximum: number;
}

/** Largest JSON body: a Task whose payload is all escapes. */
export const bodyBytesMaximum = 2 * 1024 * 1024;
