/** What every store of records must do. Each implementation's test calls this with a way to open an empty one. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findIn } from './matching.ts';
import { type Collection, FilterError, type Query, type Store, type Stored } from './store.ts';

interface Item {
  readonly kind?: string;
  readonly rank?: number;
  readonly on?: boolean;
  readonly free?: unknown;
}

const definition = { name: 'items', scalars: ['kind', 'rank', 'on'], indexes: [['kind', 'rank'], ['rank']] };

/** Describes the contract of `Store` for one implementation. */
export function describeStore(name: string, open: () => Promise<Store>): void {
  const openItems = async (): Promise<Collection<Item>> => (await open()).collection<Item>(definition);

  describe(`${name} as a store of records`, () => {
    it('gives back what was put, whole, and forgets what was deleted', async () => {
      const items = await openItems();
      const document = { kind: 'a', rank: 1, on: false, free: { deep: [1, 'é', null] } };
      await items.write([{ put: { id: 'x', document } }]);
      expect(await items.get('x')).toEqual(document);
      await items.write([{ put: { id: 'x', document: { kind: 'b' } } }]);
      expect(await items.get('x')).toEqual({ kind: 'b' });
      await items.write([{ delete: 'x' }, { delete: 'never there' }]);
      expect(await items.get('x')).toBeUndefined();
    });

    it('updates from what is stored; an error or undefined leaves it', async () => {
      const items = await openItems();
      const increase = (current: Item | undefined) => ({ rank: (current?.rank ?? 0) + 1 });
      await Promise.all(Array.from({ length: 10 }, () => items.update('x', increase)));
      expect(await items.get('x')).toEqual({ rank: 10 });
      expect(await items.update('x', () => undefined)).toEqual({ rank: 10 });
      const failing = items.update('x', () => {
        throw new Error('no');
      });
      await expect(failing).rejects.toThrow('no');
      expect(await items.get('x')).toEqual({ rank: 10 });
    });

    it('writes all changes or none', async () => {
      const items = await openItems();
      const unwritable = { free: 1n } as Item;
      const put = (id: string, document: Item) => ({ put: { id, document } });
      await expect(items.write([put('a', { rank: 1 }), put('b', unwritable)])).rejects.toThrow();
      expect(await items.find({})).toEqual([]);
    });

    it('refuses filters that are none, and those that run code', async () => {
      const items = await openItems();
      for (const filter of [{ rank: { $foo: 1 } }, { $where: 'true' }, { $expr: { $gt: ['$rank', 1] } }, { $or: 1 }]) {
        await expect(items.find({ filter })).rejects.toBeInstanceOf(FilterError);
      }
    });

    it('finds texts by pattern, in a time that no pattern can stretch', async () => {
      const items = await openItems();
      const kinds = ['alpha', 'ALPHA', 'beta\nalpha', `${'a'.repeat(30_000)}!`];
      await items.write(kinds.map((text, index) => ({ put: { id: `i${index}`, document: { kind: text } } })));
      const found = async (filter: Query['filter']) => (await items.find({ filter })).map(({ id }) => id);
      expect(await found({ kind: { $regex: '^al' } })).toEqual(['i0']);
      expect(await found({ kind: { $regex: '^al', $options: 'i' } })).toEqual(['i0', 'i1']);
      expect(await found({ kind: { $regex: '^al', $options: 'm' } })).toEqual(['i0', 'i2']);
      expect(await found({ kind: { $not: { $regex: 'alpha' } } })).toEqual(['i1', 'i3']);
      expect(await found({ $or: [{ kind: { $regex: '^(a+)+$' } }, { kind: 'ALPHA' }] })).toEqual(['i1']);
      expect(await found({ kind: { $regex: 'a', $ne: 'alpha' } })).toEqual(['i2', 'i3']);
    });

    it('refuses patterns that RE2 cannot play, and says why', async () => {
      const items = await openItems();
      const conditions = [
        { $regex: '(?=a)' },
        { $regex: '(a)\\1' },
        { $regex: '(' },
        { $regex: 1 },
        { $regex: 'a', $options: 'q' },
        { $options: 'i' },
        { $regex: 'a{1000}'.repeat(50) },
        { $matchesPattern: 'a' },
      ];
      for (const kind of conditions) {
        await expect(items.find({ filter: { kind } })).rejects.toBeInstanceOf(FilterError);
      }
    });

    it('keeps texts and numbers apart, and finds the missing by null', async () => {
      const items = await openItems();
      const stored = [{ kind: '1' }, { rank: 1 }, { on: true }, { free: [1, 2] }];
      await items.write(stored.map((document, index) => ({ put: { id: `i${index}`, document } })));
      const found = async (filter: Query['filter']) => (await items.find({ filter })).map(({ id }) => id);
      expect(await found({ kind: 1 })).toEqual([]);
      expect(await found({ rank: true })).toEqual([]);
      expect(await found({ on: 1 })).toEqual([]);
      expect(await found({ free: 2 })).toEqual(['i3']);
      expect(await found({ rank: null })).toEqual(['i0', 'i2', 'i3']);
    });

    it('finds what the filter says in plain lists, sorted, skipped and limited', async () => {
      const items = await openItems();
      let number = 0;
      await fc.assert(
        fc.asyncProperty(
          fc.array(item, { maxLength: 25 }),
          fc.array(query, { minLength: 1, maxLength: 6 }),
          async (documents, queries) => {
            const before = await items.find({});
            const stored: Stored<Item>[] = documents.map((document) => ({
              id: `n${String(number++).padStart(6, '0')}`,
              document,
            }));
            await items.write([...before.map(({ id }) => ({ delete: id })), ...stored.map((put) => ({ put }))]);
            for (const asked of queries) expect(await items.find(asked)).toEqual(findIn(stored, asked));
          },
        ),
        { numRuns: 150 },
      );
    });
  });
}

const kind = fc.constantFrom('a', 'b', 'c', 'B', 'é', '');
const rank = fc.constantFrom(-1, 0, 1, 2, 2.5, 1e12);

const item: fc.Arbitrary<Item> = fc.record(
  { kind, rank, on: fc.boolean(), free: fc.oneof(kind, rank, fc.array(rank, { maxLength: 3 }), fc.constant(null)) },
  { requiredKeys: [] },
);

const condition = fc.oneof(
  fc.oneof(kind, rank, fc.boolean(), fc.constant(null)),
  fc
    .tuple(fc.constantFrom('$gt', '$gte', '$lt', '$lte', '$ne', '$eq'), fc.oneof(kind, rank))
    .map(([operator, value]) => ({ [operator]: value })),
  fc
    .tuple(
      fc.constantFrom('$in', '$nin'),
      fc.array(fc.oneof(kind, rank, fc.boolean(), fc.constant(null)), { maxLength: 3 }),
    )
    .map(([operator, values]) => ({ [operator]: values })),
  fc.boolean().map((there) => ({ $exists: there })),
);

const plainFilter = fc.dictionary(fc.constantFrom('kind', 'rank', 'on', 'free'), condition, {
  maxKeys: 3,
  noNullPrototype: true,
});
const filter = fc.oneof(
  { weight: 3, arbitrary: plainFilter },
  fc
    .tuple(fc.constantFrom('$and', '$or', '$nor'), fc.array(plainFilter, { minLength: 1, maxLength: 3 }))
    .map(([operator, parts]) => ({ [operator]: parts })),
);

const query: fc.Arbitrary<Query> = fc.record(
  {
    filter,
    sort: fc.dictionary(fc.constantFrom('kind', 'rank', 'free'), fc.constantFrom(1 as const, -1 as const), {
      maxKeys: 2,
      noNullPrototype: true,
    }),
    limit: fc.nat(8),
    skip: fc.nat(4),
  },
  { requiredKeys: ['filter'] },
);
