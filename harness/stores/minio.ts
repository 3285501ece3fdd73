/**
 * An S3 server, for tests and for `orrery up`: the one of $ORRERY_S3_URL, MinIO as a program, or a container of the
 * image that $ORRERY_S3_IMAGE names (`minio/minio`).
 */
import { findProgram } from '../environments/controlplane/parts.ts';
import { beginContainer } from './container.ts';
import type { RunningStore } from './mongodb.ts';
import { StoreServer } from './store-program.ts';

const ACCESS_KEY = 'orrery';
const SECRET_KEY = 'orrery-secret';
const credentials = { MINIO_ROOT_USER: ACCESS_KEY, MINIO_ROOT_PASSWORD: SECRET_KEY };

type Begin = () => Promise<RunningStore>;

/**
 * The servers that can be had here, by name; empty when there is none. Their URLs end in a bucket that is made when
 * missing.
 */
export function s3Servers(environment: NodeJS.ProcessEnv): ReadonlyMap<string, Begin> {
  const found = new Map<string, Begin>();
  const url = environment.ORRERY_S3_URL;
  if (url)
    found.set('S3 at $ORRERY_S3_URL', async () => ({ name: 'S3', url, isAtomic: true, end: async () => undefined }));
  const minio = findProgram('minio', environment);
  if (minio) found.set('MinIO', () => beginMinio(minio));
  const image = environment.ORRERY_S3_IMAGE;
  if (image) found.set(`a container of ${image}`, () => beginMinioContainer(image));
  return found;
}

/** What to do when there is none. */
export const s3Absence =
  'no S3 server here: set ORRERY_S3_URL=s3://KEY:SECRET@host:port/bucket, put minio into $ORRERY_PARTS/bin, or name an image by ORRERY_S3_IMAGE';

async function beginMinio(program: string): Promise<RunningStore> {
  const server = await StoreServer.begin({
    name: 'minio',
    command: (port, folder) => [
      program,
      'server',
      folder,
      '--address',
      `127.0.0.1:${port}`,
      '--console-address',
      '127.0.0.1:0',
    ],
    environment: credentials,
    isReady: async (world, port) => {
      const answer = await world.network.fetch(`http://127.0.0.1:${port}/minio/health/ready`);
      await answer.text();
      return answer.status === 200;
    },
  });
  return {
    name: 'MinIO',
    url: urlOf(`127.0.0.1:${server.port}`),
    isAtomic: true,
    killAndStart: async (whileAway) => {
      await server.kill();
      await whileAway?.();
      await server.start();
    },
    end: () => server.end(),
  };
}

async function beginMinioContainer(image: string): Promise<RunningStore> {
  const container = await beginContainer({
    image,
    port: 9000,
    readyLine: /API:/,
    command: ['server', '/data'],
    environment: credentials,
  });
  return {
    name: image,
    url: urlOf(container.address),
    isAtomic: true,
    killAndStart: (whileAway) => container.killAndStart(whileAway),
    end: () => container.end(),
  };
}

function urlOf(address: string): string {
  return `s3://${ACCESS_KEY}:${SECRET_KEY}@${address}/fabric?tls=off`;
}
