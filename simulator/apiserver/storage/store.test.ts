import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ApiObject } from '../json.ts';
import { historyMs } from './history.ts';
import { Store } from './store.ts';
import type { Table } from './table.ts';

const object = (name: string, value = 0): ApiObject => ({
  apiVersion: 'v1',
  kind: 'Thing',
  metadata: { name },
  value,
});

function start() {
  const clock = { time: 0, now: () => clock.time };
  const store = new Store(clock);
  return { clock, store, table: store.table('things') };
}

const namesIn = (table: Table) => table.list().map((entry) => `${entry.namespace}/${entry.name}`);
const textOf = (table: Table) => table.list().map((entry) => JSON.stringify(entry.object));

/** A write or, without a value, a removal. */
const step = fc.record({
  namespace: fc.constantFrom('a', 'a-b', 'a.b', 'b'),
  name: fc.constantFrom('x', 'y', 'z'),
  value: fc.option(fc.nat(5), { nil: undefined }),
});

describe('the store', () => {
  test('gives each write the next version, across tables', () => {
    const { store, table } = start();
    const first = table.write('n', 'a', object('a'));
    const second = store.table('others').write('n', 'a', object('a'));
    expect(second.version).toBe(first.version + 1);
    expect(second.object.metadata.resourceVersion).toBe(String(second.version));
    expect(store.version).toBe(second.version);
  });

  test('shows any past version as it was, and all in the order of keys', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const { store, table } = start();
        const past: { version: number; text: string[] }[] = [];
        for (const { namespace, name, value } of steps) {
          if (value === undefined) table.remove(namespace, name);
          else table.write(namespace, name, object(name, value));
          past.push({ version: store.version, text: textOf(table) });
          const keys = namesIn(table);
          expect(keys).toEqual([...keys].sort());
        }
        for (const { version, text } of past) {
          expect(table.listAt(version)?.map((entry) => JSON.stringify(entry.object))).toEqual(text);
        }
      }),
    );
  });

  test('tells what came after a version, in order, and nothing else', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 20 }), fc.nat(20), (steps, after) => {
        const { store, table } = start();
        const all: number[] = [];
        table.subscribe((event) => void all.push(event.version));
        for (const { namespace, name, value } of steps) {
          if (value === undefined) table.remove(namespace, name);
          else table.write(namespace, name, object(name, value));
        }
        const from = Math.min(1000 + after, store.version);
        expect(table.eventsAfter(from)?.map((event) => event.version)).toEqual(all.filter((each) => each > from));
      }),
    );
  });

  test('forgets what is older than five minutes, and nothing younger', () => {
    const { clock, store, table } = start();
    const early = table.write('n', 'a', object('a')).version;
    clock.time = 60_000;
    const later = table.write('n', 'a', object('a', 1)).version;
    clock.time = historyMs + 1;
    expect(table.eventsAfter(early - 1)).toBeUndefined();
    expect(table.eventsAfter(early)?.map((event) => event.version)).toEqual([later]);
    expect(store.compacted).toBeLessThan(early);
    clock.time = historyMs + 60_001;
    expect(store.compacted).toBeGreaterThanOrEqual(early);
  });

  test('forgets all at once when told to', () => {
    const { store, table } = start();
    const version = table.write('n', 'a', object('a')).version;
    store.expireHistory();
    expect(table.eventsAfter(version)).toBeUndefined();
    expect(table.eventsAfter(store.version)).toEqual([]);
    expect(store.compacted).toBeGreaterThanOrEqual(version);
  });

  test('keeps what it holds from being changed', () => {
    const { table } = start();
    const { object: stored } = table.write('n', 'a', object('a'));
    expect(() => {
      stored.metadata.name = 'b';
    }).toThrow(TypeError);
  });

  test('wakes those who wait for a version when it is reached, and not before', async () => {
    const { store, table } = start();
    let reached = false;
    void store.reached(store.version + 2).done.then(() => {
      reached = true;
    });
    table.write('n', 'a', object('a'));
    await Promise.resolve();
    expect(reached).toBe(false);
    table.write('n', 'a', object('a', 1));
    await Promise.resolve();
    expect(reached).toBe(true);
  });
});
