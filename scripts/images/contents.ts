/**
 * What our five images hold and how they start: one list for both ways of making them, `deploy/Dockerfile` and the
 * archive made from the running Node.js. A test holds that the Dockerfile says the same.
 */

export interface ImageContents {
  /** `orrery/NAME`. */
  readonly name: 'operator' | 'gateway' | 'content' | 'actor' | 'daemon';
  /** Source file that is bundled to /app/main.mjs. */
  readonly entry: string;
  /** Where it listens: exposed, and asked by the health check. */
  readonly port?: number;
  /** Folders that it writes to; volumes are mounted there, since the root file system is read-only. */
  readonly writes: readonly string[];
}

export const images: readonly ImageContents[] = [
  { name: 'operator', entry: 'fabric/operator/main.ts', port: 8082, writes: [] },
  { name: 'gateway', entry: 'fabric/gateway/main.ts', port: 8080, writes: ['/data'] },
  { name: 'content', entry: 'fabric/content/main.ts', port: 8081, writes: ['/data'] },
  { name: 'actor', entry: 'fixtures/actor/actor-process.ts', writes: [] },
  { name: 'daemon', entry: 'fixtures/daemons/daemon-process.ts', port: 5000, writes: [] },
];

/** Numeric, as `runAsNonRoot` wants it: user and group of nobody's account on any machine. */
export const USER = '65532:65532';
export const NODE = '/usr/local/bin/node';
/** Where the bundle of an image lies in it. */
export const APP = '/app';
/** Where `npm run images` puts the bundles in the checkout, one folder an image; the Dockerfile copies from here. */
export const BUNDLES = 'dist/images';

/** node:sqlite is an experiment to Node.js 24, and says so on every start. */
export const ENTRYPOINT: readonly string[] = [
  NODE,
  '--disable-warning=ExperimentalWarning',
  '--max-semi-space-size=4',
  `${APP}/main.mjs`,
];

/** Asks the service itself; Kubernetes has its own probes for the same. */
export function healthCheckOf({ port }: ImageContents): readonly string[] | undefined {
  return port === undefined ? undefined : [NODE, `${APP}/healthy.mjs`, `http://127.0.0.1:${port}/healthz`];
}

/** A fixed tag, never `latest`: Kubernetes would want to pull that. */
export function imageName(image: Pick<ImageContents, 'name'>, tag: string): string {
  return `orrery/${image.name}:${tag}`;
}
