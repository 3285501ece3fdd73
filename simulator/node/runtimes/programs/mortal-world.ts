/**
 * The World of one program: the agent's own until the program is killed. From then on no timer of it fires, nothing it
 * waits for settles, and what it asks for never happens; its listeners are closed and its requests cut.
 */
import { Dispatcher } from 'undici';
import type { Clock, Timer } from '../../../../world/clock.ts';
import type { FileAppender, FileLock, Files } from '../../../../world/files.ts';
import type { Log } from '../../../../world/log.ts';
import type { ClientTls, Listener, Network } from '../../../../world/network.ts';
import type { World } from '../../../../world/world.ts';

export interface MortalWorld extends World {
  readonly killed: boolean;
  kill(): void;
}

/** `name` is that of the program; its random streams are its own. */
export function mortalWorld(world: World, name: string): MortalWorld {
  const life = new Life();
  return {
    name,
    clock: mortalClock(world.clock, life),
    random: { stream: (consumer) => world.random.stream(`${name} ${consumer}`) },
    network: mortalNetwork(world.network, life),
    files: mortalFiles(world.files, life),
    processes: {
      available: world.processes.available,
      start(command, options) {
        const child = world.processes.start(command, options);
        const forget = life.onEnd(() => child.kill('SIGKILL'));
        void child.exited.then(forget);
        return child;
      },
    },
    log: mortalLog(world.log, life),
    get killed() {
      return life.isOver;
    },
    kill: () => life.end(),
  };
}

class Life {
  readonly #endings = new Set<() => void>();
  readonly #controller = new AbortController();

  get isOver(): boolean {
    return this.signal.aborted;
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  end(): void {
    this.#controller.abort(new Error('killed'));
    for (const ending of this.#endings) ending();
    this.#endings.clear();
  }

  /** Calls `ending` when life ends; the returned function takes that back. */
  onEnd(ending: () => void): () => void {
    this.#endings.add(ending);
    return () => this.#endings.delete(ending);
  }

  /** Begins the work if there still is life, and settles with it as long as there is. */
  while<T>(begin: () => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      if (this.isOver) return;
      begin().then(
        (value) => {
          if (!this.isOver) resolve(value);
        },
        (error: unknown) => {
          if (!this.isOver) reject(error);
        },
      );
    });
  }
}

function mortalClock(clock: Clock, life: Life): Clock {
  const after = (delayMs: number, callback: () => void): Timer => {
    if (life.isOver) return { cancel() {} };
    const timer = clock.after(delayMs, () => {
      forget();
      callback();
    });
    const forget = life.onEnd(() => timer.cancel());
    return {
      cancel() {
        forget();
        timer.cancel();
      },
    };
  };
  const sleep = (delayMs: number, signal?: AbortSignal): Promise<void> =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const abort = () => {
        timer.cancel();
        if (!life.isOver) reject(signal?.reason);
      };
      const timer = after(delayMs, () => {
        signal?.removeEventListener('abort', abort);
        resolve();
      });
      signal?.addEventListener('abort', abort, { once: true });
    });
  return { now: () => clock.now(), after, sleep };
}

function mortalNetwork(network: Network, life: Life): Network {
  return {
    fetch: (input, init) =>
      life.while(() => {
        const signal = init?.signal ? AbortSignal.any([life.signal, init.signal]) : life.signal;
        return network.fetch(input, { ...init, signal });
      }),
    dispatcher: (tls?: ClientTls) => new MortalDispatcher(network.dispatcher(tls), life),
    guardedDispatcher: (isAllowed) => new MortalDispatcher(network.guardedDispatcher(isAllowed), life),
    listen: (address, handler, options) =>
      life.while(async () => {
        const listener = await network.listen(address, handler, options);
        const close = life.onEnd(() => void listener.close());
        if (life.isOver) await listener.close();
        return closing(listener, close);
      }),
    connect: (address) => life.while(() => network.connect(address)),
  };
}

function closing(listener: Listener, forget: () => void): Listener {
  return {
    url: listener.url,
    close() {
      forget();
      return listener.close();
    },
  };
}

class MortalDispatcher extends Dispatcher {
  readonly #dispatcher: Dispatcher;
  readonly #life: Life;

  constructor(dispatcher: Dispatcher, life: Life) {
    super();
    this.#dispatcher = dispatcher;
    this.#life = life;
  }

  override dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): boolean {
    if (this.#life.isOver) return false;
    return this.#dispatcher.dispatch(options, handler);
  }
}

function mortalFiles(files: Files, life: Life): Files {
  const appender = (inner: FileAppender): FileAppender => ({
    write: (bytes) => life.while(() => inner.write(bytes)),
    close: () => life.while(() => inner.close()),
  });
  return {
    read: (...parameters) => life.while(() => files.read(...parameters)),
    readStream: (...parameters) => files.readStream(...parameters),
    write: (...parameters) => life.while(() => files.write(...parameters)),
    append: (path) => life.while(async () => appender(await files.append(path))),
    status: (path) => life.while(() => files.status(path)),
    list: (folder) => life.while(() => files.list(folder)),
    makeFolder: (path) => life.while(() => files.makeFolder(path)),
    rename: (from, to) => life.while(() => files.rename(from, to)),
    remove: (path) => life.while(() => files.remove(path)),
    sync: (path) => life.while(() => files.sync(path)),
    lock: (path, holder) => life.while(async () => mortalLock(await files.lock(path, holder), life)),
  };
}

/** Let go of when the program is killed, also if it was killed while the lock was taken. */
function mortalLock(lock: FileLock, life: Life): FileLock {
  const letGo = () => void lock.release();
  const forget = life.onEnd(letGo);
  if (life.isOver) letGo();
  return {
    release: () => {
      forget();
      return lock.release();
    },
  };
}

function mortalLog(log: Log, life: Life): Log {
  const write =
    (level: keyof Log): Log[keyof Log] =>
    (message, facts) => {
      if (!life.isOver) log[level](message, facts);
    };
  return { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') };
}
