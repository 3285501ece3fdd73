/** Files of a simulated process: once it is killed, no operation begins and no promise of it settles. */
import type { FileAppender, Files } from '../files.ts';

export interface Mortality {
  isAlive(): boolean;
  /** Counts an operation as activity of the simulation. */
  track<T>(work: Promise<T>): Promise<T>;
}

export function mortalFiles(disk: Files, mortality: Mortality): Files {
  const perform = <T>(operation: () => Promise<T>): Promise<T> =>
    new Promise((resolve, reject) => {
      if (!mortality.isAlive()) return;
      mortality.track(operation()).then(
        (value) => {
          if (mortality.isAlive()) resolve(value);
        },
        (error) => {
          if (mortality.isAlive()) reject(error);
        },
      );
    });
  return {
    read: (path, start, end) => perform(() => disk.read(path, start, end)),
    readStream: (path, start, end) => mortalStream(disk.readStream(path, start, end), perform),
    write: (path, bytes) => perform(() => disk.write(path, bytes)),
    append: (path) => perform(async () => mortalAppender(await disk.append(path), perform)),
    status: (path) => perform(() => disk.status(path)),
    list: (folder) => perform(() => disk.list(folder)),
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

async function* mortalStream(stream: AsyncIterable<Buffer>, perform: Perform): AsyncIterable<Buffer> {
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
