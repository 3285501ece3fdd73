/**
 * One large object up and down through the gateway, beside the store's own client with the same bytes.
 *
 *     node perf/content/main.ts [--size 1GB] [--rounds 3]
 *
 * On a folder, beside a program that writes and reads a file (and syncs it, as managed content does), and on MinIO,
 * where it can be had, beside the `minio` client. Gateway and managed content are processes of their own; in turn,
 * medians.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { s3Absence, s3Servers } from '../../harness/stores/minio.ts';
import { median } from '../apiserver/statistics.ts';
import { startContentProcess } from '../logs-read/serve.ts';
import { bytesOf } from '../size.ts';
import { bucketClient, type Client, folderClient, gatewayClient } from './clients.ts';
import { startGatewayProcess } from './gateway.ts';

const { values } = parseArgs({
  options: { size: { type: 'string', default: '1GB' }, rounds: { type: 'string', default: '3' } },
});
const sizeBytes = bytesOf(values.size);
const rounds = Number(values.rounds);

/** MB/s of each way. */
interface Rates {
  readonly up: number[];
  readonly down: number[];
}

async function measureOnce(client: Client, rates: Rates): Promise<void> {
  const begin = performance.now();
  await client.upload(sizeBytes);
  const uploaded = performance.now();
  const received = await client.download();
  const end = performance.now();
  if (received !== sizeBytes) throw new Error(`${received} bytes came back of ${sizeBytes}`);
  const rate = (ms: number) => sizeBytes / 1000 / ms;
  rates.up.push(rate(uploaded - begin));
  rates.down.push(rate(end - uploaded));
}

async function measure(store: string, place: string, beside: Client): Promise<void> {
  const content = await startContentProcess(place);
  const gateway = await startGatewayProcess(content.url);
  const through = gatewayClient(gateway.told);
  await through.upload(1_000_000);
  await through.download();
  const services = [content, gateway];
  const idle = services.map((each) => each.residentMiB());
  const highest = [...idle];
  const watching = setInterval(() => {
    for (const [index, each] of services.entries()) highest[index] = Math.max(highest[index] ?? 0, each.residentMiB());
  }, 10);
  const [own, other]: [Rates, Rates] = [
    { up: [], down: [] },
    { up: [], down: [] },
  ];
  for (let round = 0; round < rounds; round++) {
    await measureOnce(through, own);
    await measureOnce(beside, other);
  }
  clearInterval(watching);
  for (const each of services) await each.stop();
  const row = (name: string, [mine, theirs]: readonly [number[], number[]]) =>
    `| ${name} | ${median(mine).toFixed(1)} | ${median(theirs).toFixed(1)} | ${Math.round((median(mine) / median(theirs)) * 100)} % |`;
  const above = highest.map((most, index) => (most - (idle[index] ?? 0)).toFixed(0));
  process.stdout.write(
    `\n${store}, ${values.size}, load ${loadavg()[0]?.toFixed(1)}: managed content ${above[0]} MiB above idle, gateway ${above[1]}\n\n` +
      `| | through the gateway, MB/s | ${beside.name}, MB/s | |\n| --- | --- | --- | --- |\n` +
      `${row('upload', [own.up, other.up])}\n${row('download', [own.down, other.down])}\n`,
  );
}

const folder = mkdtempSync(join(tmpdir(), 'orrery-perf-content-'));
try {
  mkdirSync(join(folder, 'content'));
  await measure('folder', join(folder, 'content'), folderClient(join(folder, 'file')));
  const [begin] = s3Servers(process.env).values();
  if (begin) {
    const server = await begin();
    await measure('MinIO', server.url, bucketClient(server.url)).finally(() => server.end());
  } else process.stdout.write(`\nskipped: MinIO: ${s3Absence}\n`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
