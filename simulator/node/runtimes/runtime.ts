/** The seam between the node agent and what runs a container. */
import type { Exit } from '../container-facts.ts';
import type { StreamName } from '../logs/record-encoder.ts';

export interface PodFacts {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly nodeName: string;
  /** The pod's address: a host name or an IP. */
  readonly address: string;
}

/** One instance of a container, ready to be started: variables are expanded. */
export interface ContainerStart {
  readonly pod: PodFacts;
  readonly container: string;
  readonly image: string;
  /** Replaces what the image would run; empty if the container names none. */
  readonly command: readonly string[];
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** Declared container ports. */
  readonly ports: readonly number[];
  /** Takes output into the log; resolves when it is there. */
  output(stream: StreamName, bytes: Uint8Array): Promise<void>;
}

export interface RunningContainer {
  /** Resolves once, when the container has ended and its output is in the log; never rejects. */
  readonly exited: Promise<Exit>;
  /** SIGTERM; again is harmless. */
  terminate(): void;
  /** SIGKILL. */
  kill(): void;
}

export interface Runtime {
  has(image: string): boolean;
  /** Its containers listen on the node's address, not on one of their pod's own. */
  readonly usesHostNetwork: boolean;
  start(container: ContainerStart): RunningContainer;
}

/** The entry of an image in a table of images: by its whole name, else by its name without tag or digest. */
export function imageEntry<T>(table: Readonly<Record<string, T>>, image: string): T | undefined {
  if (Object.hasOwn(table, image)) return table[image];
  const bare = image.replace(/@.*$/, '').replace(/:[^:/]*$/, '');
  return Object.hasOwn(table, bare) ? table[bare] : undefined;
}
