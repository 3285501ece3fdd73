/** The seam between the node agent and what runs a container. */
import type { Exit } from '../container-facts.ts';
import type { StreamName } from '../logs/record-encoder.ts';
import type { Mount } from '../volumes/container-files.ts';

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

/** What a container's files are made of. */
export interface FileSystem {
  /** Folder of the World's files for what lies in no volume. */
  readonly root: string;
  readonly mounts: readonly Mount[];
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
  /** It serves until it is ended: its pod belongs to a set of pods that is kept running. */
  readonly isDaemon?: boolean;
  /** Declared container ports. */
  readonly ports: readonly number[];
  readonly files: FileSystem;
  /** `workingDir` of the container, if it names one. */
  readonly workingFolder?: string;
  /** Takes output into the log; resolves when it is there. */
  output(stream: StreamName, bytes: Uint8Array): Promise<void>;
  /** What the container asked for that is not simulated. */
  notSimulated(what: string): void;
}

export interface Executed {
  readonly exitCode: number;
  /** The beginning of what it wrote, stdout and stderr as they came. */
  readonly output: string;
}

export interface RunningContainer {
  /** Resolves once, when the container has ended and its output is in the log; never rejects. */
  readonly exited: Promise<Exit>;
  /** SIGTERM; again is harmless. */
  terminate(): void;
  /** SIGKILL. */
  kill(): void;
  /**
   * Runs a command inside the container, as a probe does; never rejects, and never resolves once the container has been
   * killed.
   */
  execute(command: readonly string[]): Promise<Executed>;
}

export interface Runtime {
  has(image: string): boolean;
  /** Its containers listen on the node's address, not on one of their pod's own. */
  readonly usesHostNetwork: boolean;
  /** Rejects with StartError when the container's program cannot be run. */
  start(container: ContainerStart): Promise<RunningContainer>;
}

/** The entry of an image in a table of images: by its whole name, else by its name without tag or digest. */
export function imageEntry<T>(table: Readonly<Record<string, T>>, image: string): T | undefined {
  if (Object.hasOwn(table, image)) return table[image];
  const bare = image.replace(/@.*$/, '').replace(/:[^:/]*$/, '');
  return Object.hasOwn(table, bare) ? table[bare] : undefined;
}
