/** What an option takes is told by whoever refuses it. */
import { InvalidArgumentError } from 'commander';
import { describe, expect, test } from 'vitest';
import { countTo, firstPort, positiveDuration, secondsToWait, seedRange, speedFactor, wholeNumber } from './numbers.ts';

const notNumbers = ['', ' ', 'x', '-1', 'NaN', 'Infinity', '1,5', '1 ', '٣', '1e999'];

describe.each<[string, (text: string) => number, Record<string, number>, string[]]>([
  ['--seed', wholeNumber, { '0': 0, '7': 7, '0xff': 255 }, ['1.5', '1e3', '9007199254740992']],
  ['--threads', countTo(1024), { '1': 1, '1024': 1024 }, ['0', '1.5', '1025', '0x1']],
  ['--port', firstPort, { '0': 0, '7440': 7440, '65532': 65_532 }, ['65533', '70000', '1.5']],
  [
    '--speed',
    speedFactor,
    { '1': 1, '0.5': 0.5, '1e6': 1e6, '1000000': 1e6, '1e-2': 0.01 },
    ['0', '1000001', '1e12', '0x10'],
  ],
  ['--deadline', secondsToWait, { '0.5': 0.5, '604800': 604_800 }, ['0', '604801']],
])('%s', (_option, parse, taken, refused) => {
  test.each(Object.entries(taken))('takes %j', (text, value) => expect(parse(text)).toBe(value));
  test.each([...refused, ...notNumbers])('refuses %j and says what it takes', (text) => {
    expect(() => parse(text)).toThrow(/It takes a .* (from|above) /);
  });
});

test.each([
  ['1..500', 1, 500],
  ['7', 7, 7],
  ['0x10..0x20', 16, 32],
  ['5..5', 5, 5],
])('seeds %s', (text, first, last) => expect(seedRange(text)).toEqual({ first, last }));

test.each(['', '..', '1..', '..5', '5..1', '1..2..3', '-1..5', '1.5', 'a..b', '1-5', '1...5'])(
  '"%s" is no range of seeds',
  (text) => expect(() => seedRange(text)).toThrow(InvalidArgumentError),
);

test('durations', () => {
  expect(positiveDuration('1m30s')).toBe(90_000);
  for (const text of ['', '0s', '15', '-1m', 'soon'])
    expect(() => positiveDuration(text)).toThrow(InvalidArgumentError);
});
