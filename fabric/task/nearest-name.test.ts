/** A misspelt name finds the right one; another word finds none. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nearestName } from './nearest-name.ts';
import { taskSpecSchema } from './schema.ts';

const fields = Object.keys(taskSpecSchema.properties ?? {});

test.each([
  ['concurencyPolicy', 'concurrencyPolicy'],
  ['concurrencypolicy', 'concurrencyPolicy'],
  ['scedule', 'schedule'],
  ['suspended', 'suspend'],
  ['agrs', 'args'],
  ['timezone', 'timeZone'],
  ['restartPolicy', undefined],
  ['x', undefined],
  ['', undefined],
])('%s -> %s', (given, wanted) => expect(nearestName(given, fields)).toBe(wanted));

test('one letter left out of a long name always finds it', () => {
  const long = fields.filter((name) => name.length > 8);
  fc.assert(
    fc.property(fc.constantFrom(...long), fc.nat(), (name, at) => {
      const place = at % name.length;
      expect(nearestName(name.slice(0, place) + name.slice(place + 1), fields)).toBe(name);
    }),
  );
});
