/**
 * Files as a World gives them: the machine's disk, or an in-memory disk of the simulated environment (it survives
 * the process that wrote it, as a disk does). Paths are absolute, with `/`.
 */
export interface FileStatus {
  /** 0 for a folder. */
  readonly sizeBytes: number;
  /** Last change, epoch ms of the World's clock when simulated. */
  readonly modifiedAt: number;
  readonly kind: 'file' | 'folder';
}

/** An open file to which bytes are appended. */
export interface FileAppender {
  /** Resolves when the bytes are with the disk. */
  write(bytes: Uint8Array): Promise<void>;
  /** Closes; further writes are an error. */
  close(): Promise<void>;
}

export interface Files {
  /** Bytes [start, end) of the file; the whole file without a range. Missing file: FileNotFoundError. */
  read(path: string, start?: number, end?: number): Promise<Buffer>;
  /**
   * Bytes [start, end) in chunks of at most 64 KiB, read as the consumer takes them. `inPassing`: a chunk holds only
   * until the next is asked for, which allows larger ones whose memory is used again.
   */
  readStream(path: string, start?: number, end?: number, inPassing?: boolean): AsyncIterable<Buffer>;
  /** Replaces the file at once and whole (readers never see half); makes missing folders. */
  write(path: string, bytes: Uint8Array | string): Promise<void>;
  /** Opens for appending; makes the file and missing folders. */
  append(path: string): Promise<FileAppender>;
  /** undefined if nothing is there. */
  status(path: string): Promise<FileStatus | undefined>;
  /** Names in the folder, sorted; empty if the folder is missing. */
  list(folder: string): Promise<string[]>;
  /** Makes a folder and those above it; one that is there is fine. */
  makeFolder(path: string): Promise<void>;
  /** Moves a file over what is at `to`, atomically; makes missing folders. */
  rename(from: string, to: string): Promise<void>;
  /** Removes a file or a folder with all in it; nothing there is fine. */
  remove(path: string): Promise<void>;
  /** Resolves when what the file or folder holds outlives a loss of power. Missing: FileNotFoundError. */
  sync(path: string): Promise<void>;
  /**
   * Takes the lock of that path until it is released or the process ends, however it ends. LockHeldError when it is
   * held, by this process too. `holder` is what others are then told. Files at the path and beside it belong to the
   * lock; missing folders are made.
   */
  lock(path: string, holder: string): Promise<FileLock>;
}

export interface FileLock {
  /** A second time does nothing. */
  release(): Promise<void>;
}

export class LockHeldError extends Error {
  override readonly name = 'LockHeldError';
  readonly path: string;
  readonly holder: string;

  /** `why`: the reason that two cannot have it. */
  constructor(path: string, holder: string, why?: string) {
    const reason = why === undefined ? '' : `, and ${why}`;
    super(`${path} is held by ${holder}${reason}: end that first, or choose another place`);
    this.path = path;
    this.holder = holder;
  }
}

export class FileNotFoundError extends Error {
  override readonly name = 'FileNotFoundError';
  readonly path: string;

  constructor(path: string) {
    super(`no file at ${path}`);
    this.path = path;
  }
}

/** The disk has no room for what is written to that path, or its owner may take no more. */
export class DiskFullError extends Error {
  override readonly name = 'DiskFullError';
  readonly path: string;

  constructor(path: string, cause?: unknown) {
    super(`the disk is full: no room for ${path}`, { cause });
    this.path = path;
  }
}

/** Thrown when a file is asked for where a folder is, or a folder is needed where a file is. */
export class WrongKindError extends Error {
  override readonly name = 'WrongKindError';
  readonly path: string;
  readonly found: FileStatus['kind'];

  constructor(path: string, found: FileStatus['kind']) {
    super(`${path} is a ${found}: choose another path or remove it first`);
    this.path = path;
    this.found = found;
  }
}
