/**
 * An image as we make it: layers whose digests are known before anything is written, so that what a node has already
 * need not be sent to it, and a configuration. One date for everything: the same files make the same image.
 */
import { createHash } from 'node:crypto';
import { arch } from 'node:os';
import { type TarEntry, tar } from './tar.ts';

export interface Layer {
  /** Of its bytes, in hexadecimal; layers are not compressed: who loads them would only have to undo it. */
  readonly sha256: string;
  readonly bytes: number;
  readonly entries: readonly TarEntry[];
}

/** What starts, as whom and where; what the Dockerfile says by USER, ENTRYPOINT, EXPOSE and HEALTHCHECK. */
export interface ImageSettings {
  readonly user: string;
  readonly environment: readonly string[];
  readonly entrypoint: readonly string[];
  readonly port?: number;
  readonly healthCheck?: readonly string[];
}

export interface Image {
  /** `orrery/operator:TAG`. */
  readonly reference: string;
  /** Other names of it. */
  readonly also?: readonly string[];
  readonly layers: readonly Layer[];
  /** The image's configuration as JSON. */
  readonly config: Buffer;
}

export function namesOf({ reference, also = [] }: Image): readonly string[] {
  return [reference, ...also];
}

const SECOND_NANOSECONDS = 1_000_000_000;
const CREATED = '2026-01-01T00:00:00Z';
const ARCHITECTURES: Readonly<Record<string, string>> = { x64: 'amd64', arm64: 'arm64' };
export const PLATFORM = { os: 'linux', architecture: ARCHITECTURES[arch()] ?? arch() } as const;

/** Reads everything once, to know the digest. */
export async function layerOf(entries: readonly TarEntry[]): Promise<Layer> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of tar(entries)) {
    hash.update(chunk);
    bytes += chunk.length;
  }
  return { sha256: hash.digest('hex'), bytes, entries };
}

/** A tag of all that is in the layers: the same contents, the same tag. */
export function tagOf(layers: readonly Layer[]): string {
  const hash = createHash('sha256');
  for (const { sha256 } of layers) hash.update(sha256);
  return `dev-${hash.digest('hex').slice(0, 12)}`;
}

export function imageOf(reference: string, settings: ImageSettings, layers: readonly Layer[]): Image {
  const text = JSON.stringify({
    ...PLATFORM,
    created: CREATED,
    config: configOf(settings),
    rootfs: { type: 'layers', diff_ids: layers.map(({ sha256 }) => `sha256:${sha256}`) },
    history: layers.map(() => ({ created: CREATED })),
  });
  return { reference, layers, config: Buffer.from(text) };
}

/** `config` of the OCI image specification; `Healthcheck` is Docker's own. */
function configOf({ user, environment, entrypoint, port, healthCheck }: ImageSettings) {
  return {
    User: user,
    WorkingDir: '/',
    Env: environment,
    Entrypoint: entrypoint,
    ...(port === undefined ? {} : { ExposedPorts: { [`${port}/tcp`]: {} } }),
    ...(healthCheck && {
      Healthcheck: {
        Test: ['CMD', ...healthCheck],
        Interval: 30 * SECOND_NANOSECONDS,
        Timeout: 6 * SECOND_NANOSECONDS,
      },
    }),
  };
}
