/**
 * A disk in memory. It belongs to the simulated environment, so it survives the processes that write to it. Files are
 * kept in pages, so that appending to a large log does not copy it.
 */
import {
  type FileAppender,
  type FileLock,
  FileNotFoundError,
  type FileStatus,
  type Files,
  LockHeldError,
  WrongKindError,
} from '../files.ts';

const PAGE_BYTES = 65_536;

class MemoryFile {
  readonly #pages: Buffer[] = [];
  sizeBytes = 0;
  modifiedAt: number;

  constructor(modifiedAt: number) {
    this.modifiedAt = modifiedAt;
  }

  append(bytes: Uint8Array, now: number): void {
    let taken = 0;
    while (taken < bytes.length) {
      const offset = this.sizeBytes % PAGE_BYTES;
      const count = Math.min(PAGE_BYTES - offset, bytes.length - taken);
      const page = this.#pageWithRoom(Math.floor(this.sizeBytes / PAGE_BYTES), offset + count);
      page.set(bytes.subarray(taken, taken + count), offset);
      this.sizeBytes += count;
      taken += count;
    }
    this.modifiedAt = now;
  }

  read(start: number, end: number): Buffer {
    const last = Math.min(end, this.sizeBytes);
    const parts: Buffer[] = [];
    for (let position = start; position < last; ) {
      const page = this.#pages[Math.floor(position / PAGE_BYTES)] as Buffer;
      const offset = position % PAGE_BYTES;
      const count = Math.min(PAGE_BYTES - offset, last - position);
      parts.push(page.subarray(offset, offset + count));
      position += count;
    }
    return Buffer.concat(parts);
  }

  /** Pages of small files grow by doubling, so that thousands of small files stay small. */
  #pageWithRoom(index: number, bytes: number): Buffer {
    const page = this.#pages[index];
    if (page && page.length >= bytes) return page;
    let room = Math.max(256, page?.length ?? 0);
    while (room < bytes) room *= 2;
    const grown = Buffer.alloc(Math.min(room, PAGE_BYTES));
    if (page) grown.set(page);
    this.#pages[index] = grown;
    return grown;
  }
}

export class MemoryDisk implements Files {
  readonly #now: () => number;
  readonly #files = new Map<string, MemoryFile>();
  readonly #folders = new Map<string, Set<string>>();
  readonly #locks = new Map<string, string>();

  constructor(now: () => number) {
    this.#now = now;
  }

  async read(path: string, start = 0, end = Number.POSITIVE_INFINITY): Promise<Buffer> {
    return this.#existing(path).read(start, end);
  }

  async *readStream(path: string, start = 0, end = Number.POSITIVE_INFINITY): AsyncIterable<Buffer> {
    const file = this.#existing(path);
    for (let position = start; position < Math.min(end, file.sizeBytes); position += PAGE_BYTES) {
      yield file.read(position, Math.min(position + PAGE_BYTES, end));
    }
  }

  async write(path: string, bytes: Uint8Array | string): Promise<void> {
    const file = new MemoryFile(this.#now());
    file.append(typeof bytes === 'string' ? Buffer.from(bytes) : bytes, this.#now());
    this.#put(path, file);
  }

  async append(path: string): Promise<FileAppender> {
    let file = this.#files.get(path);
    if (!file) {
      file = new MemoryFile(this.#now());
      this.#put(path, file);
    }
    const target = file;
    let open = true;
    return {
      write: async (bytes) => {
        if (!open) throw new Error(`${path} was closed: open it again to append`);
        target.append(bytes, this.#now());
      },
      close: async () => {
        open = false;
      },
    };
  }

  async status(path: string): Promise<FileStatus | undefined> {
    const file = this.#files.get(path);
    if (file) return { kind: 'file', sizeBytes: file.sizeBytes, modifiedAt: file.modifiedAt };
    if (this.#folders.has(path)) return { kind: 'folder', sizeBytes: 0, modifiedAt: 0 };
    return undefined;
  }

  async list(folder: string): Promise<string[]> {
    return [...(this.#folders.get(folder) ?? [])].sort();
  }

  async makeFolder(path: string): Promise<void> {
    if (this.#files.has(path)) throw new WrongKindError(path, 'file');
    if (this.#folders.has(path)) return;
    this.#demandRoom(path);
    this.#folders.set(path, new Set());
    this.#enter(path);
  }

  async rename(from: string, to: string): Promise<void> {
    const file = this.#existing(from);
    this.#demandRoom(to);
    this.#detach(from);
    this.#put(to, file);
  }

  async remove(path: string): Promise<void> {
    for (const name of [...(this.#folders.get(path) ?? [])]) await this.remove(`${path}/${name}`);
    this.#detach(path);
  }

  /** This disk loses no power. */
  async sync(path: string): Promise<void> {
    if (!this.#folders.has(path)) this.#existing(path);
  }

  async lock(path: string, holder: string): Promise<FileLock> {
    const held = this.#locks.get(path);
    if (held !== undefined) throw new LockHeldError(path, held);
    this.#locks.set(path, holder);
    let isHeld = true;
    return {
      release: async () => {
        if (isHeld) this.#locks.delete(path);
        isHeld = false;
      },
    };
  }

  #existing(path: string): MemoryFile {
    const file = this.#files.get(path);
    if (file) return file;
    throw this.#folders.has(path) ? new WrongKindError(path, 'folder') : new FileNotFoundError(path);
  }

  #put(path: string, file: MemoryFile): void {
    this.#demandRoom(path);
    this.#files.set(path, file);
    this.#enter(path);
  }

  /** Tells each folder above the path of what it holds. */
  #enter(path: string): void {
    for (let child = path; child.includes('/'); child = parentOf(child)) {
      const parent = parentOf(child);
      const names = this.#folders.get(parent) ?? new Set();
      this.#folders.set(parent, names);
      names.add(child.slice(parent.length + 1));
    }
  }

  /** A file may stand at the path: no folder does, and nothing above it is a file. */
  #demandRoom(path: string): void {
    if (this.#folders.has(path)) throw new WrongKindError(path, 'folder');
    for (let parent = parentOf(path); parent !== ''; parent = parentOf(parent)) {
      if (this.#files.has(parent)) throw new WrongKindError(parent, 'file');
    }
  }

  #detach(path: string): void {
    this.#files.delete(path);
    this.#folders.delete(path);
    this.#folders.get(parentOf(path))?.delete(path.slice(parentOf(path).length + 1));
  }
}

function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/'));
}
