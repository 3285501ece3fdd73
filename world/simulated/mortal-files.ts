/** Files of a simulated process: once it is killed, no operation begins and no promise of it settles. */
import type { FileAppender, Files } from '../files.ts';
import type { Life } from './life.ts';

/** `track` counts an operation as activity of the simulation. */
export function mortalFiles(disk: Files, life: Life, track: <T>(work: Promise<T>) => Promise<T>): Files {
  const perform: Perform = (operation) => life.perform(() => track(operation()));
  return {
    read: (path, start, end) => perform(() => disk.read(path, start, end)),
    readStream: (path, start, end) => trackedStream(disk.readStream(path, start, end), perform),
    write: (path, bytes) => perform(() => disk.write(path, bytes)),
    append: (path) => perform(async () => mortalAppender(await disk.append(path), perform)),
    status: (path) => perform(() => disk.status(path)),
    list: (folder) => perform(() => disk.list(folder)),
    makeFolder: (path) => perform(() => disk.makeFolder(path)),
    rename: (from, to) => perform(() => disk.rename(from, to)),
    remove: (path) => perform(() => disk.remove(path)),
  };
}

type Perform = <T>(operation: () => Promise<T>) => Promise<T>;

function mortalAppender(appender: FileAppender, perform: Perform): FileAppender {
  return {
    write: (bytes) => perform(() => appender.write(bytes)),
    close: () => perform(() => appender.close()),
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
