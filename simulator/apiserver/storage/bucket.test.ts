import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Bucket } from './bucket.ts';
import { Entry } from './entry.ts';

function entry(name: string, version: number): Entry {
  return new Entry('n', name, version, { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name } });
}

const names = fc.integer({ min: 0, max: 299 }).map((number) => `name-${number}`);
const steps = fc.array(
  fc.oneof(
    { weight: 5, arbitrary: fc.record({ put: names }) },
    { weight: 5, arbitrary: fc.record({ remove: names }) },
    { weight: 1, arbitrary: fc.constant('list' as const) },
  ),
  { maxLength: 1500, size: 'max' },
);

describe('a bucket', () => {
  test('lists what was put and not removed, newest versions in the order of names, whatever happened in between', () => {
    fc.assert(
      fc.property(steps, (list) => {
        const bucket = new Bucket();
        const model = new Map<string, Entry>();
        const listed = () => {
          const result: Entry[] = [];
          bucket.listInto(result);
          return result;
        };
        for (const [index, step] of list.entries()) {
          if (step === 'list') expect(listed()).toHaveLength(model.size);
          else if ('put' in step) {
            const made = entry(step.put, index);
            expect(bucket.put(step.put, made)).toBe(model.get(step.put));
            model.set(step.put, made);
          } else {
            expect(bucket.remove(step.remove)).toBe(model.get(step.remove));
            model.delete(step.remove);
          }
        }
        const sorted = [...model].sort(([left], [right]) => (left < right ? -1 : 1));
        expect(listed()).toEqual(sorted.map(([, each]) => each));
        expect(bucket.size).toBe(model.size);
      }),
      { numRuns: 30 },
    );
  });
});
