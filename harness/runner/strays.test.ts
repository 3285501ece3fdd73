/** A rejection that nobody handles is held against the scenario whose code it is. */
import { EventEmitter } from 'node:events';
import { expect, test } from 'vitest';
import { Strays } from './strays.ts';

const errorAt = (file: string) =>
  Object.assign(new Error('loose'), { stack: `Error: loose\n    at play (file://${file}:7:3)` });

test('of its own file, once, with the line', () => {
  const source = new EventEmitter();
  const strays = new Strays(['/s/a.ts', '/s/b.ts'], source);
  source.emit('unhandledRejection', errorAt('/s/a.ts'));
  expect(strays.of('/s/a.ts')).toBe('a promise was rejected and nobody handled it: Error: loose (at /s/a.ts:7)');
  expect(strays.of('/s/b.ts')).toBeUndefined();
});

test('what is nobody’s is thrown, and after the end nothing is taken', () => {
  const source = new EventEmitter();
  const strays = new Strays(['/s/a.ts'], source);
  expect(() => source.emit('unhandledRejection', errorAt('/elsewhere.ts'))).toThrow('loose');
  strays.stop();
  expect(source.listenerCount('unhandledRejection')).toBe(0);
});
