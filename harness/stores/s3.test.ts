/** Managed content's objects on every S3 server that can be had here. */
import { createHash, randomUUID } from 'node:crypto';
import { Client } from 'minio';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Blobs } from '../../fabric/content/blobs/blobs.ts';
import { describeBlobs } from '../../fabric/content/blobs/contract.ts';
import { parseBucketAddress } from '../../fabric/content/blobs/s3/address.ts';
import { Bucket } from '../../fabric/content/blobs/s3/bucket.ts';
import { openS3Blobs } from '../../fabric/content/blobs/s3/s3.ts';
import { describeQuotas } from '../../fabric/content/quotas/contract.ts';
import type { Clock } from '../../world/clock.ts';
import { realWorld } from '../../world/real/world.ts';
import { silentLog } from '../environments/controlplane/own-world.ts';
import { serviceWorld } from '../environments/controlplane/service-world.ts';
import { s3Absence, s3Servers } from './minio.ts';
import type { RunningStore } from './mongodb.ts';

const servers = s3Servers(process.env);
if (servers.size === 0) console.log(`skipped: ${s3Absence}`);
else console.log(`object stores: folder, ${[...servers.keys()].join(', ')}`);

describe.skipIf(servers.size === 0)('S3 servers', () => {
  for (const [name, begin] of servers) describe(name, () => judge(name, begin));
});

/** The machine's clock, which tests may put forward. */
function shiftedClock(): { readonly clock: Clock; shift(durationMs: number): void } {
  const { clock } = realWorld('shifted', silentLog);
  let shiftMs = 0;
  return {
    clock: {
      now: () => clock.now() + shiftMs,
      after: (delayMs, callback) => clock.after(delayMs, callback),
      sleep: (delayMs, signal) => clock.sleep(delayMs, signal),
    },
    shift: (durationMs) => {
      shiftMs += durationMs;
    },
  };
}

function judge(name: string, begin: () => Promise<RunningStore>): void {
  let server: RunningStore;

  beforeAll(async () => {
    server = await begin();
  });
  afterAll(() => server?.end());

  const addressOf = (prefix: string) => {
    const url = new URL(server.url);
    url.pathname += `/${prefix}`;
    return parseBucketAddress(url.href, { accessKey: undefined, secretKey: undefined });
  };

  const opened = new Map<string, Blobs>();
  afterAll(async () => {
    for (const blobs of opened.values()) await blobs.close();
  });

  /** An empty prefix of its own, or the one of that name: whoever had it open has ended. */
  const open = async (prefix = randomUUID().slice(0, 8), clock = realWorld('content', silentLog).clock) => {
    await opened.get(prefix)?.close();
    const world = { ...realWorld('content', silentLog), clock };
    const blobs = await openS3Blobs({ world, address: addressOf(prefix) });
    opened.set(prefix, blobs);
    return blobs;
  };

  describeBlobs(name, async () => {
    const { clock, shift } = shiftedClock();
    return { blobs: await open(undefined, clock), advance: async (ms) => shift(ms), run: (answer) => answer };
  });

  describeQuotas(name, async () => {
    const { clock, shift } = shiftedClock();
    const world = { ...realWorld('content', silentLog), clock };
    const blobs = await open(undefined, clock);
    return { blobs, world, advance: async (ms) => shift(ms), run: (answer) => answer };
  });

  const options = { contentType: 'text/plain' };
  const chunk = (index: number, bytes: number) => Buffer.alloc(bytes, `${index} line of text\n`);
  const hashOf = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

  /** Appends pieces behind one another; resolves with all bytes. */
  async function appendAll(blobs: Blobs, key: string, sizes: readonly number[], from = 0): Promise<Buffer> {
    const pieces = sizes.map((bytes, index) => chunk(index, bytes));
    let offset = from;
    for (const piece of pieces) {
      await blobs.append(key, offset, piece, options);
      offset += piece.length;
    }
    return Buffer.concat(pieces);
  }

  async function read(blobs: Blobs, key: string, start = 0, end = Number.MAX_SAFE_INTEGER): Promise<Buffer> {
    const opened = await blobs.get(key, () => ({ start, end }));
    const chunks: Buffer[] = [];
    if (opened) for await (const bytes of opened.stream) chunks.push(bytes);
    return Buffer.concat(chunks);
  }

  const sizes = [10, 300_000, 6_000_000, 20, 30, 400_000, 5_500_000, 9_000_000, 100];

  it('an object that grew in segments is the same bytes before and after it was sealed', async () => {
    const prefix = randomUUID().slice(0, 8);
    const blobs = await open(prefix);
    const all = await appendAll(blobs, 'p/log.txt', sizes);
    expect(hashOf(await read(blobs, 'p/log.txt'))).toBe(hashOf(all));
    expect((await read(blobs, 'p/log.txt', 299_990, 6_300_050)).equals(all.subarray(299_990, 6_300_050))).toBe(true);
    const reading = await blobs.get('p/log.txt');
    await blobs.seal('p/log.txt');
    expect(hashOf(await read(blobs, 'p/log.txt'))).toBe(hashOf(all));
    const chunks: Buffer[] = [];
    for await (const bytes of reading?.stream ?? []) chunks.push(bytes);
    expect(hashOf(Buffer.concat(chunks))).toBe(hashOf(all));
    expect((await blobs.list('')).map(({ key, sizeBytes }) => [key, sizeBytes])).toEqual([['p/log.txt', all.length]]);
    await appendAll(blobs, 'p/log.txt', [50], all.length);
    expect((await blobs.head('p/log.txt'))?.sizeBytes).toBe(all.length + 50);
  });

  it('a second service is told who has the bucket; one that was killed is followed, and its uploads are aborted', async () => {
    const prefix = randomUUID().slice(0, 8);
    const { clock, shift } = shiftedClock();
    const first = serviceWorld('the first', silentLog, () => undefined);
    const second = { ...realWorld('the second', silentLog), clock };
    const options = { address: addressOf(prefix), leaseMs: 1_500 };
    const blobs = await openS3Blobs({ world: first.world, ...options });
    const all = await appendAll(blobs, 'k', sizes);
    await expect(openS3Blobs({ world: second, ...options })).rejects.toThrow('is held by the first');
    let go = () => {};
    const halt = new Promise<void>((resolve) => {
      go = resolve;
    });
    async function* endless(): AsyncGenerator<Buffer> {
      for (let index = 0; index < 20; index++) yield chunk(index, 1_000_003);
      await halt;
    }
    void blobs.put('half', endless(), { contentType: 'text/plain' }).catch(() => undefined);
    const unfinished = () => new Bucket(second, options.address).unfinishedUploads();
    while ((await unfinished()).length === 0) await second.clock.sleep(20);
    await first.kill();
    const next = await openS3Blobs({ world: second, ...options });
    expect(hashOf(await read(next, 'k'))).toBe(hashOf(all));
    await next.removeExpired();
    expect(await unfinished()).toHaveLength(1);
    shift(3_600_000);
    await second.clock.sleep(400);
    await next.removeExpired();
    expect(await unfinished()).toEqual([]);
    expect((await next.list('')).map(({ key }) => key)).toEqual(['k']);
    // What was paused and wakes up finds the bucket taken, and writes nothing.
    await expect(blobs.put('late', endless(), { contentType: 'text/plain' })).rejects.toMatchObject({
      status: 503,
      reason: 'store-lost',
    });
    go();
    await next.close();
  });

  it('a restarted service goes on where the killed one was', async () => {
    const prefix = randomUUID().slice(0, 8);
    const first = await appendAll(await open(prefix), 'k', sizes);
    const restarted = await open(prefix);
    expect(hashOf(await read(restarted, 'k'))).toBe(hashOf(first));
    const rest = await appendAll(restarted, 'k', [1000], first.length);
    expect(hashOf(await read(await open(prefix), 'k'))).toBe(hashOf(Buffer.concat([first, rest])));
  });

  it('an object to which nothing comes any more is sealed by and by, and an expired one removed', async () => {
    const { clock, shift } = shiftedClock();
    const prefix = randomUUID().slice(0, 8);
    const blobs = await open(prefix, clock);
    const all = await appendAll(blobs, 'idle', sizes);
    await blobs.append('short', 0, chunk(1, 300_000), { ...options, ttlSeconds: 60 });
    shift(601_000);
    expect(await blobs.removeExpired()).toBe(1);
    expect(await blobs.head('short')).toBeUndefined();
    expect((await (await open(prefix, clock)).head('idle'))?.etag).toMatch(/^"[0-9a-f]{32}-\d+"$/);
    expect(hashOf(await read(blobs, 'idle'))).toBe(hashOf(all));
  });

  it('rules of others for the life of objects stay in the bucket', async () => {
    await open();
    const { hostname, port, username, password, pathname } = new URL(server.url.replace('s3:', 'http:'));
    const client = new Client({
      endPoint: hostname,
      port: Number(port),
      useSSL: false,
      accessKey: username,
      secretKey: password,
    });
    const bucket = pathname.slice(1);
    const others = { ID: 'others', Status: 'Enabled', Filter: { Prefix: 'elsewhere/' }, Expiration: { Days: 9 } };
    await client.setBucketLifecycle(bucket, { Rule: [others] });
    await open();
    await open();
    const rules = (await client.getBucketLifecycle(bucket))?.Rule ?? [];
    expect(rules.map(({ ID }) => ID).filter((id) => id === 'others' || id === 'fabric-expiry-31')).toHaveLength(2);
  });

  it('a stream of unknown length is stored in parts, and nothing is left of one that breaks', async () => {
    const blobs = await open();
    async function* source(count: number, breaks: boolean): AsyncGenerator<Buffer> {
      for (let index = 0; index < count; index++) yield chunk(index, 1_000_003);
      if (breaks) throw new Error('the source broke');
    }
    const { sizeBytes } = await blobs.put('big', source(20, false), options);
    expect(sizeBytes).toBe(20_000_060);
    await expect(blobs.put('big', source(20, true), options)).rejects.toThrow('the source broke');
    const whole = Buffer.concat(Array.from({ length: 20 }, (_, index) => chunk(index, 1_000_003)));
    expect(hashOf(await read(blobs, 'big'))).toBe(hashOf(whole));
  });

  it('a killed server loses nothing that was acknowledged; meanwhile the store says that it is away', async (context) => {
    if (!server.killAndStart) return context.skip(`${name} is not ours to kill`);
    const blobs = await open();
    const all = await appendAll(blobs, 'k', sizes);
    let offset = all.length;
    const writing = (async () => {
      for (let index = 0; index < 40; ) {
        const error = await blobs
          .append('k', offset, chunk(index, 300_000), options)
          .catch((reason: unknown) => reason);
        if (error instanceof Error) expect(error).toMatchObject({ status: 503, reason: 'blobs-away' });
        else {
          offset += 300_000;
          index++;
        }
      }
    })();
    await server.killAndStart(async () => {
      await expect(blobs.list('')).rejects.toMatchObject({ status: 503, reason: 'blobs-away' });
    });
    await writing;
    const expected = Buffer.concat([all, ...Array.from({ length: 40 }, (_, index) => chunk(index, 300_000))]);
    expect(hashOf(await read(blobs, 'k'))).toBe(hashOf(expected));
  });
}
