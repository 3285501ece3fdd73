/**
 * Files of a process that is killed at a chosen write to its disk: before it, after it, or in its middle. For tests.
 */
import { DiskFullError, type FileAppender, type Files } from '../../world/files.ts';
import { never } from '../../world/simulated/life.ts';
import type { SimulatedProcess } from '../../world/simulated/simulation.ts';
import type { World } from '../../world/world.ts';

export type Moment = 'before' | 'in the middle' | 'after';

export interface Death {
  readonly at: number;
  readonly moment: Moment;
}

/** The process' World; it dies at its `death.at`th write, the first one being 1. */
export function dyingWorld(process: SimulatedProcess, death: Death | undefined): World {
  const { name, clock, random, network, processes, log } = process;
  let count = 0;
  const write = async <T>(work: () => Promise<T>, half?: () => Promise<unknown>): Promise<T> => {
    count += 1;
    if (count !== death?.at) return work();
    if (death.moment === 'after') await work();
    if (death.moment === 'in the middle') await half?.();
    process.kill();
    return never();
  };
  return { name, clock, random, network, processes, log, files: dyingFiles(process.files, write) };
}

type Write = <T>(work: () => Promise<T>, half?: () => Promise<unknown>) => Promise<T>;

/** A World whose disk takes half of a write, and fails, whenever it is full. What is removed is removed. */
export function fullWorld(process: SimulatedProcess, isFull: () => boolean): World {
  const { name, clock, random, network, processes, log } = process;
  const write = async <T>(work: () => Promise<T>, half?: () => Promise<unknown>): Promise<T> => {
    if (!isFull()) return work();
    await half?.();
    throw new DiskFullError('a file');
  };
  const files = dyingFiles(process.files, write);
  return {
    name,
    clock,
    random,
    network,
    processes,
    log,
    files: { ...files, remove: (path) => process.files.remove(path) },
  };
}

function dyingFiles(files: Files, write: Write): Files {
  const appender = (inner: FileAppender): FileAppender => ({
    write: (bytes) =>
      write(
        () => inner.write(bytes),
        () => inner.write(bytes.subarray(0, Math.floor(bytes.length / 2))),
      ),
    close: () => inner.close(),
  });
  return {
    read: (path, start, end) => files.read(path, start, end),
    readStream: (...parameters) => files.readStream(...parameters),
    write: (path, bytes) => write(() => files.write(path, bytes)),
    append: async (path) => appender(await write(() => files.append(path))),
    status: (path) => files.status(path),
    list: (folder) => files.list(folder),
    makeFolder: (path) => write(() => files.makeFolder(path)),
    rename: (from, to) => write(() => files.rename(from, to)),
    remove: (path) => write(() => files.remove(path)),
    sync: (path) => files.sync(path),
    lock: (path, holder) => write(() => files.lock(path, holder)),
  };
}
