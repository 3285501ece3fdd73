/**
 * A server that speaks MongoDB's protocol, for tests and for `orrery up`: the one of $ORRERY_MONGODB_URL, FerretDB as a
 * program, mongod by mongodb-memory-server (its binary from $MONGOMS_SYSTEM_BINARY, or downloaded when $ORRERY_DOWNLOAD
 * is set), or a container of the image that $ORRERY_MONGODB_IMAGE names (`mongo:8`).
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findProgram } from '../environments/controlplane/parts.ts';
import { beginContainer } from './container.ts';
import { StoreServer } from './store-program.ts';

/** A store that a test may end and find again. */
export interface RunningStore {
  /** Which implementation it is, for reports. */
  readonly name: string;
  readonly url: string;
  /** False when two clients may both win a conditional write: then only one gateway may use it. */
  readonly isAtomic: boolean;
  /** Kills the server and starts it again on what it has on disk; undefined when it is not ours. */
  readonly killAndStart?: (whileAway?: () => Promise<void>) => Promise<void>;
  end(): Promise<void>;
}

type Begin = () => Promise<RunningStore>;

/** The servers that can be had here, by name; empty when there is none. */
export function mongoServers(environment: NodeJS.ProcessEnv): ReadonlyMap<string, Begin> {
  const found = new Map<string, Begin>();
  const url = environment.ORRERY_MONGODB_URL;
  if (url)
    found.set('MongoDB at $ORRERY_MONGODB_URL', async () => ({
      name: 'MongoDB',
      url,
      isAtomic: true,
      end: async () => undefined,
    }));
  const ferretdb = findProgram('ferretdb', environment);
  if (ferretdb) found.set('FerretDB', () => beginFerretDb(ferretdb));
  if (environment.MONGOMS_SYSTEM_BINARY || environment.ORRERY_DOWNLOAD) found.set('mongod', beginMongod);
  const image = environment.ORRERY_MONGODB_IMAGE;
  if (image) found.set(`a container of ${image}`, () => beginMongoContainer(image));
  return found;
}

/** What to do when there is none. */
export const mongoAbsence =
  'no server with MongoDB’s protocol here: set ORRERY_MONGODB_URL, put ferretdb into $ORRERY_PARTS/bin, name a mongod by MONGOMS_SYSTEM_BINARY, let ORRERY_DOWNLOAD=1 fetch one, or name an image by ORRERY_MONGODB_IMAGE';

async function beginFerretDb(program: string): Promise<RunningStore> {
  const server = await StoreServer.begin({
    name: 'ferretdb',
    command: (port, folder) => [program, '-listen', `127.0.0.1:${port}`, '-dir', folder],
    environment: {},
    isReady: (_, port) => listens(port),
  });
  return {
    name: 'FerretDB',
    url: `mongodb://127.0.0.1:${server.port}/fabric`,
    isAtomic: false,
    killAndStart: async (whileAway) => {
      await server.kill();
      await whileAway?.();
      await server.start();
    },
    end: () => server.end(),
  };
}

async function beginMongod(): Promise<RunningStore> {
  const { MongoMemoryServer } = await import('mongodb-memory-server');
  const folder = mkdtempSync(join(tmpdir(), 'orrery-mongod-'));
  const server = await MongoMemoryServer.create({ instance: { dbPath: folder, storageEngine: 'wiredTiger' } });
  return {
    name: 'mongod',
    url: server.getUri('fabric'),
    isAtomic: true,
    killAndStart: async (whileAway) => {
      await server.stop({ doCleanup: false });
      await whileAway?.();
      await server.start(true);
    },
    end: async () => {
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function beginMongoContainer(image: string): Promise<RunningStore> {
  const container = await beginContainer({ image, port: 27_017, readyLine: /waiting for connections|listening on/i });
  return {
    name: image,
    url: `mongodb://${container.address}/fabric`,
    isAtomic: !image.includes('ferretdb'),
    killAndStart: (whileAway) => container.killAndStart(whileAway),
    end: () => container.end(),
  };
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ port, host: '127.0.0.1' }, () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
