import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, it } from 'vitest';
import { realWorld } from '../../../../world/real/world.ts';
import { describeStore } from '../contract.ts';
import { openEmbeddedFile, openEmbeddedStore } from './store.ts';

describeStore('SQLite', async () => openEmbeddedStore(':memory:'));

it('the next gateway on the same database finds the records of the first', async () => {
  const database = new DatabaseSync(':memory:');
  const definition = { name: 'items', scalars: ['kind'], indexes: [['kind']] };
  const first = openEmbeddedStore(database);
  await (await first.collection(definition)).write([{ put: { id: 'x', document: { kind: 'a' } } }]);
  await first.close();
  const second = await openEmbeddedStore(database).collection(definition);
  expect(await second.find({ filter: { kind: 'a' } })).toEqual([{ id: 'x', document: { kind: 'a' } }]);
});

it('a page of a sorted list comes from an index, without sorting all records', async () => {
  const database = new DatabaseSync(':memory:');
  await openEmbeddedStore(database).collection({
    name: 'items',
    scalars: ['kind', 'rank'],
    indexes: [['kind', 'rank']],
  });
  const kind = `json_extract(document, '$."kind"')`;
  const rank = `json_extract(document, '$."rank"')`;
  const plan = database
    .prepare(`EXPLAIN QUERY PLAN SELECT id FROM items WHERE ${kind} = ? ORDER BY ${rank} DESC, id DESC LIMIT 20`)
    .all('a')
    .map((row) => String(row.detail));
  expect(plan.join('\n')).toContain('items by kind rank');
  expect(plan.join('\n')).not.toContain('TEMP B-TREE');
});

it('a file has one gateway at a time; the next one finds what it wrote', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'orrery-store-'));
  const file = join(folder, 'records.sqlite');
  const definition = { name: 'items', scalars: ['kind'], indexes: [] };
  try {
    const first = await openEmbeddedFile(realWorld('first gateway'), file);
    await (await first.collection(definition)).write([{ put: { id: 'x', document: { kind: 'a' } } }]);
    await expect(openEmbeddedFile(realWorld('second gateway'), file)).rejects.toThrow(
      'is held by first gateway, process',
    );
    await first.close();
    const second = await openEmbeddedFile(realWorld('second gateway'), file);
    expect(await (await second.collection(definition)).get('x')).toEqual({ kind: 'a' });
    await second.close();
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
