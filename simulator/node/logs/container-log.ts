/**
 * The log of one container instance on disk, with the kubelet's rotation: every so often a file that has grown past its
 * limit is put aside and a new one begun; of the files a few are kept. The log API serves the present file only, and a
 * follower that was still reading an older one goes on to the *present* one: what was rotated twice meanwhile is lost
 * to it, with no error. (Upstream: kubelet/logs/container_log_manager.go, cri-client/pkg/logs/logs.go.)
 */
import { type FileAppender, FileNotFoundError } from '../../../world/files.ts';
import type { World } from '../../../world/world.ts';
import { RecordEncoder, type StreamName } from './record-encoder.ts';

export interface LogRotation {
  /** A file above this is rotated; the kubelet's containerLogMaxSize, 10 MiB. */
  readonly maximumFileBytes: number;
  /** Files kept, the present one included; containerLogMaxFiles, 5. */
  readonly maximumFiles: number;
  /** How often sizes are looked at, ms; containerLogMonitorInterval, 10 s. 0: after each write. */
  readonly checkIntervalMs: number;
}

export const kubeletRotation: LogRotation = {
  maximumFileBytes: 10 * 1024 * 1024,
  maximumFiles: 5,
  checkIntervalMs: 10_000,
};

interface LogFile {
  path: string;
  sizeBytes: number;
  /** Readers that hold it open: it is not removed under them. */
  readers: number;
}

export class ContainerLog {
  readonly #world: World;
  readonly #path: string;
  readonly #rotation: LogRotation;
  readonly #encoder = new RecordEncoder();
  /** Files from the oldest kept to the present one, by number. */
  readonly #files = new Map<number, LogFile>();
  #present = 0;
  #appender: FileAppender | undefined;
  #working: Promise<void> = Promise.resolve();
  #isOpen = true;
  readonly #waiting = new Set<() => void>();
  #rotationPending = false;
  /** Set while the present file is put aside: its name is not certain then. */
  #renaming: Promise<void> | undefined;

  constructor(world: World, path: string, rotation: LogRotation) {
    this.#world = world;
    this.#path = path;
    this.#rotation = rotation;
    this.#files.set(0, { path, sizeBytes: 0, readers: 0 });
  }

  /** The log of an instance that ended before the agent was started; undefined if there is none. */
  static async find(world: World, path: string): Promise<ContainerLog | undefined> {
    const status = await world.files.status(path);
    if (status === undefined) return undefined;
    const log = new ContainerLog(world, path, kubeletRotation);
    log.#isOpen = false;
    log.#file(0).sizeBytes = status.sizeBytes;
    return log;
  }

  /** False once the container has ended. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Resolves when the output is in the file. */
  write(stream: StreamName, bytes: Uint8Array): Promise<void> {
    return this.#append(this.#encoder.encode(bytes, stream, this.#world.clock.now()));
  }

  /** The container has ended. */
  async close(): Promise<void> {
    await this.#append(this.#encoder.finish(this.#world.clock.now()));
    this.#isOpen = false;
    await this.#appender?.close();
    this.#appender = undefined;
    this.#wake();
  }

  /** Number and size of the file that is served now. */
  get presentFile(): { readonly number: number; readonly sizeBytes: number } {
    return { number: this.#present, sizeBytes: this.#file(this.#present).sizeBytes };
  }

  /** Keeps a file readable until it is let go. */
  hold(number: number): void {
    this.#file(number).readers += 1;
  }

  async release(number: number): Promise<void> {
    this.#file(number).readers -= 1;
    await this.#removeOld();
  }

  sizeOf(number: number): number {
    return this.#file(number).sizeBytes;
  }

  /**
   * Bytes [start, end) of a file that is held. What is read while the file is put aside may be another one's: it is
   * read again.
   */
  async read(number: number, start: number, end: number): Promise<Buffer> {
    for (;;) {
      await this.#renaming;
      const { path } = this.#file(number);
      try {
        const bytes = await this.#world.files.read(path, start, end);
        if (this.#isAt(number, path)) return bytes;
      } catch (error) {
        if (!(error instanceof FileNotFoundError) || this.#isAt(number, path)) throw error;
      }
    }
  }

  #isAt(number: number, path: string): boolean {
    return !this.#renaming && path === this.#file(number).path;
  }

  /** Resolves when something was written, rotated or closed, or when the signal is aborted. */
  changed(signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        this.#waiting.delete(done);
        signal?.removeEventListener('abort', done);
        resolve();
      };
      this.#waiting.add(done);
      signal?.addEventListener('abort', done, { once: true });
    });
  }

  #append(records: Buffer): Promise<void> {
    if (records.length === 0) return this.#working;
    return this.#inTurn(async () => {
      this.#appender ??= await this.#world.files.append(this.#path);
      await this.#appender.write(records);
      this.#file(this.#present).sizeBytes += records.length;
      this.#wake();
      await this.#considerRotation();
    });
  }

  #inTurn(work: () => Promise<void>): Promise<void> {
    this.#working = this.#working.then(work);
    return this.#working;
  }

  async #considerRotation(): Promise<void> {
    const { checkIntervalMs } = this.#rotation;
    if (this.#rotationPending || !this.#isTooLarge()) return;
    if (checkIntervalMs === 0) return this.#rotate();
    // The kubelet looks at fixed times; only those at which there is something to do need a timer.
    this.#rotationPending = true;
    const delayMs = checkIntervalMs - (this.#world.clock.now() % checkIntervalMs);
    this.#world.clock.after(delayMs, () => {
      if (!this.#isOpen) return;
      // Writes may wait before this one: another look is due only when it is done, and what is small by then stays.
      void this.#inTurn(async () => {
        this.#rotationPending = false;
        if (this.#isTooLarge()) await this.#rotate();
      });
    });
  }

  #isTooLarge(): boolean {
    return this.#file(this.#present).sizeBytes > this.#rotation.maximumFileBytes;
  }

  async #rotate(): Promise<void> {
    await this.#appender?.close();
    this.#appender = undefined;
    const aside = `${this.#path}.${rotationStamp(this.#world.clock.now())}-${this.#present}`;
    this.#renaming = this.#putAside(aside);
    await this.#renaming;
    this.#present += 1;
    this.#files.set(this.#present, { path: this.#path, sizeBytes: 0, readers: 0 });
    this.#appender = await this.#world.files.append(this.#path);
    await this.#removeOld();
    this.#wake();
  }

  async #putAside(aside: string): Promise<void> {
    try {
      await this.#world.files.rename(this.#path, aside);
      this.#file(this.#present).path = aside;
    } finally {
      this.#renaming = undefined;
    }
  }

  async #removeOld(): Promise<void> {
    for (const [number, file] of this.#files) {
      if (number > this.#present - this.#rotation.maximumFiles) return;
      if (file.readers > 0) continue;
      this.#files.delete(number);
      await this.#world.files.remove(file.path);
    }
  }

  #file(number: number): LogFile {
    const file = this.#files.get(number);
    if (!file) throw new FileNotFoundError(`${this.#path} number ${number}`);
    return file;
  }

  #wake(): void {
    for (const done of [...this.#waiting]) done();
  }
}

/** As the kubelet names rotated files: `20260101-000010`. */
function rotationStamp(now: number): string {
  return new Date(now).toISOString().slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-');
}
