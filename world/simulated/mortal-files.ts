/** Files of a simulated process: once it is killed, no operation begins and no promise of it settles. */
import type { FileAppender, FileLock, Files } from '../files.ts';
import type { Life } from './life.ts';

/** `track` counts an operation as activity of the simulation. */
export function mortalFiles(disk: Files, life: Life, track: <T>(work: Promise<T>) => Promise<T>): Files {
  const perform: Perform = (operation) => life.perform(() => track(operation()));
  return {
    read: (path, start, end) => perform(() => disk.read(path, start, end)),
    readStream: (...parameters) => trackedStream(disk.readStream(...parameters), perform),
    write: (path, bytes) => perform(() => disk.write(path, bytes)),
    append: (path) => perform(async () => mortalAppender(await disk.append(path), perform)),
    status: (path) => perform(() => disk.status(path)),
    list: (folder) => perform(() => disk.list(folder)),
    makeFolder: (path) => perform(() => disk.makeFolder(path)),
    rename: (from, to) => perform(() => disk.rename(from, to)),
    remove: (path) => perform(() => disk.remove(path)),
    sync: (path) => perform(() => disk.sync(path)),
    lock: (path, holder) => perform(async () => mortalLock(await disk.lock(path, holder), life)),
  };
}

type Perform = <T>(operation: () => Promise<T>) => Promise<T>;

function mortalAppender(appender: FileAppender, perform: Perform): FileAppender {
  return {
    write: (bytes) => perform(() => appender.write(bytes)),
    close: () => perform(() => appender.close()),
  };
}

/** Let go of when the process ends, as the operating system does it. */
function mortalLock(lock: FileLock, life: Life): FileLock {
  const letGo = () => void lock.release();
  const forget = life.onEnd(letGo);
  // It may have ended while the lock was taken.
  if (!life.isAlive) letGo();
  return {
    release: () => {
      forget();
      return lock.release();
    },
  };
}

async function* trackedStream(stream: AsyncIterable<Buffer>, perform: Perform): AsyncIterable<Buffer> {
  const iterator = stream[Symbol.asyncIterator]();
  try {
    for (;;) {
      const { done, value } = await perform(() => iterator.next());
      if (done) return;
      yield value;
    }
  } finally {
    await iterator.return?.();
  }
}
