/** The store of task records on every server with MongoDB's protocol that can be had here. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeStore } from '../../fabric/gateway/stores/contract.ts';
import { openMongoStore } from '../../fabric/gateway/stores/mongodb/store.ts';
import { type Store, StoreAwayError } from '../../fabric/gateway/stores/store.ts';
import { realWorld } from '../../world/real/world.ts';
import { silentLog } from '../environments/controlplane/own-world.ts';
import { serviceWorld } from '../environments/controlplane/service-world.ts';
import { mongoAbsence, mongoServers, type RunningStore } from './mongodb.ts';

const servers = mongoServers(process.env);
if (servers.size === 0) console.log(`skipped: ${mongoAbsence}`);
else console.log(`stores of task records: SQLite, ${[...servers.keys()].join(', ')}`);

describe.skipIf(servers.size === 0)('servers with MongoDB’s protocol', () => {
  for (const [name, begin] of servers) describe(name, () => judge(name, begin));
});

function judge(name: string, begin: () => Promise<RunningStore>): void {
  const opened: Store[] = [];
  let server: RunningStore;

  beforeAll(async () => {
    server = await begin();
  });
  afterAll(async () => {
    for (const store of opened) await store.close();
    await server?.end();
  });

  /** An empty database of its own. */
  const open = async (database = `t${randomUUID().slice(0, 8)}`) => {
    const url = new URL(server.url);
    url.pathname = `/${database}`;
    const world = realWorld('gateway', silentLog);
    const store = await openMongoStore({ world, url: url.href, selectionDeadlineMs: 2_000 });
    opened.push(store);
    return store;
  };

  describeStore(name, () => open());

  const definition = { name: 'items', scalars: ['rank'], indexes: [['rank']] };

  it('two gateways that count in one document lose no count', async (context) => {
    if (!server.isAtomic) return context.skip(`${name} lets two clients win one conditional write`);
    const one = await (await open('shared')).collection<{ rank: number }>(definition);
    const other = await (await open('shared')).collection<{ rank: number }>(definition);
    const increase = (current: { rank: number } | undefined) => ({ rank: (current?.rank ?? 0) + 1 });
    await Promise.all(Array.from({ length: 20 }, (_, index) => (index % 2 ? one : other).update('x', increase)));
    expect(await one.get('x')).toEqual({ rank: 20 });
  });

  it('a second gateway is let in where conditional writes are atomic alone, and follows one that was killed', async () => {
    const url = new URL(server.url);
    url.pathname = '/alone';
    const first = serviceWorld('the first', silentLog, () => undefined);
    const second = realWorld('the second', silentLog);
    const options = { url: url.href, turnMs: 1_500 };
    const one = await openMongoStore({ world: first.world, ...options });
    opened.push(one);
    const items = await one.collection<{ rank: number }>(definition);
    await items.write([{ put: { id: 'x', document: { rank: 1 } } }]);
    const opening = openMongoStore({ world: second, ...options });
    if (server.isAtomic) return void opened.push(await opening);
    await expect(opening).rejects.toThrow(
      /is held by the first, and its server .* lets two gateways win one conditional write/,
    );
    await first.kill();
    const other = await openMongoStore({ world: second, ...options });
    expect(await (await other.collection(definition)).get('x')).toEqual({ rank: 1 });
    // What was paused and wakes up finds the turn taken, and writes nothing.
    await expect(items.write([{ put: { id: 'x', document: { rank: 2 } } }])).rejects.toMatchObject({ status: 503 });
    await other.close();
    opened.push(await openMongoStore({ world: second, ...options }));
  });

  it('names that MongoDB cannot hold come back, and are no paths', async () => {
    const items = await (await open()).collection<object>(definition);
    const document = { resources: { 'nvidia.com/gpu': 1, $odd: { 'a%b': 2 } } };
    await items.write([{ put: { id: 'x', document } }]);
    expect(await items.find({ filter: { 'resources.nvidia.com/gpu': 1 } })).toEqual([]);
    expect(await items.get('x')).toEqual(document);
  });

  it('a killed server loses nothing that was acknowledged; meanwhile the store says that it is away', async (context) => {
    if (!server.killAndStart) return context.skip();
    const items = await (await open('killed')).collection<{ rank: number }>(definition);
    let acknowledged = 0;
    const write = async (count: number) => {
      for (const end = acknowledged + count; acknowledged < end; ) {
        const put = { id: `i${acknowledged}`, document: { rank: acknowledged } };
        const error = await items.write([{ put }]).catch((reason: unknown) => reason);
        if (error === undefined) acknowledged++;
        else expect(error).toBeInstanceOf(StoreAwayError);
      }
    };
    await write(50);
    const writing = write(200);
    await server.killAndStart(async () => {
      await expect(items.get('i0')).rejects.toMatchObject({ status: 503, reason: 'store-away' });
    });
    await writing;
    const ranks = (await items.find({ sort: { rank: 1 } })).map(({ document }) => document.rank);
    expect(ranks).toEqual(Array.from({ length: acknowledged }, (_, index) => index));
  });
}

it('a server that is not there is told of at start, without its password', async () => {
  const opening = openMongoStore({
    world: realWorld('gateway', silentLog),
    url: 'mongodb://me:secret@127.0.0.1:9/fabric',
    selectionDeadlineMs: 300,
  });
  await expect(opening).rejects.toThrow(/mongodb:\/\/127\.0\.0\.1:9 does not answer/);
});
