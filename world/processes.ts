/** Child processes as a World gives them. A simulated World has none: real programs run in real time only. */
export interface ProcessOptions {
  /** Working folder. */
  readonly folder?: string;
  /** It serves until it is ended: nobody waits for its end. */
  readonly isDaemon?: boolean;
  /** The whole environment of the child; nothing is inherited. */
  readonly environment: Readonly<Record<string, string>>;
  /**
   * Receives stdout and stderr, interleaved as they come. While a promise that it returned is pending, no more of that
   * stream is read: the child waits, nothing piles up.
   */
  readonly onOutput: (bytes: Buffer, stream: 'stdout' | 'stderr') => void | Promise<void>;
}

export interface ProcessExit {
  /** 128 + signal number when a signal ended it; 127 when the program was not found, 126 when it cannot be executed. */
  readonly exitCode: number;
  readonly signal?: string;
  /** Why the program could not be started, if so. */
  readonly startError?: string;
  /** The system's name for that, like ENOENT; absent when it has none. */
  readonly startErrorCode?: string;
}

export interface ChildProcess {
  /** undefined if it could not be started. */
  readonly pid: number | undefined;
  /**
   * Resolves once, when the process has ended and its output has been delivered; never rejects. What it started and
   * left behind is killed with it, as at the end of a container's first process.
   */
  readonly exited: Promise<ProcessExit>;
  /** Sends a signal to the child and to what it started itself. */
  kill(signal: 'SIGTERM' | 'SIGKILL' | 'SIGINT'): void;
}

export interface Processes {
  /** False where real programs cannot run; then `start` throws ProcessesUnavailableError. */
  readonly available: boolean;
  start(command: readonly string[], options: ProcessOptions): ChildProcess;
}

export class ProcessesUnavailableError extends Error {
  override readonly name = 'ProcessesUnavailableError';

  constructor(command: readonly string[]) {
    super(
      `cannot start ${JSON.stringify(command)}: real programs do not run in virtual time; use "orrery up" or "orrery run skills"`,
    );
  }
}
