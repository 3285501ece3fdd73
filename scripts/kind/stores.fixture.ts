/**
 * Looks into the stores of a kind cluster past the services: by MongoDB's protocol and by S3, through `kubectl
 * port-forward`.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { Client } from 'minio';
import { MongoClient } from 'mongodb';

const FORWARD_DEADLINE_MS = 20_000;

export interface Cluster {
  readonly kubectl: string;
  readonly kubeconfig: string;
}

/** Documents of every collection of the gateway's database, by collection. */
export async function recordsIn(cluster: Cluster): Promise<Record<string, object[]>> {
  return through(cluster, 'mongodb', 27_017, async (port) => {
    const client = new MongoClient(`mongodb://127.0.0.1:${port}/?directConnection=true`);
    try {
      const database = client.db(pathOf(secretOf(cluster, 'store')));
      const names = (await database.listCollections().toArray()).map(({ name }) => name);
      const each = names.map(async (name) => [name, await database.collection(name).find().toArray()] as const);
      return Object.fromEntries(await Promise.all(each));
    } finally {
      await client.close();
    }
  });
}

/** Text of every object in managed content's bucket, by name. */
export async function objectsIn(cluster: Cluster): Promise<Record<string, string>> {
  return through(cluster, 'minio', 9000, async (port) => {
    const keys = { accessKey: secretOf(cluster, 'accessKey'), secretKey: secretOf(cluster, 'secretKey') };
    const client = new Client({ endPoint: '127.0.0.1', port, useSSL: false, ...keys });
    const bucket = pathOf(secretOf(cluster, 'blobs'));
    const texts: Record<string, string> = {};
    for await (const { name } of client.listObjectsV2(bucket, '', true) as AsyncIterable<{ name: string }>) {
      texts[name] = await textOf(await client.getObject(bucket, name));
    }
    return texts;
  });
}

async function textOf(stream: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

function secretOf({ kubectl, kubeconfig }: Cluster, key: string): string {
  const parameters = ['-n', 'fabric', 'get', 'secret', 'fabric-stores', '-o', `jsonpath={.data.${key}}`];
  const { stdout } = spawnSync(kubectl, ['--kubeconfig', kubeconfig, ...parameters], { encoding: 'utf8' });
  return Buffer.from(stdout, 'base64').toString();
}

/** Database or bucket of an address. */
function pathOf(address: string): string {
  return new URL(address).pathname.slice(1);
}

async function through<T>(cluster: Cluster, service: string, port: number, use: (port: number) => Promise<T>) {
  const parameters = ['--kubeconfig', cluster.kubeconfig, '-n', 'fabric', 'port-forward', `service/${service}`];
  const child = spawn(cluster.kubectl, [...parameters, `:${port}`], { stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    return await use(await forwardedPort(child));
  } finally {
    child.kill('SIGKILL');
  }
}

async function forwardedPort(child: ChildProcess): Promise<number> {
  if (child.stdout === null) throw new TypeError('its output is not read');
  const signal = AbortSignal.timeout(FORWARD_DEADLINE_MS);
  const [line] = (await once(createInterface(child.stdout), 'line', { signal })) as [string];
  const [, port] = /^Forwarding from 127\.0\.0\.1:(\d+)/.exec(line) ?? [];
  if (port === undefined) throw new Error(`kubectl port-forward says ${JSON.stringify(line)}`);
  return Number(port);
}
