import { expect, test } from 'vitest';
import { unless } from './unless.ts';

test('work that settles first is what counts', async () => {
  const ground = new AbortController();
  expect(await unless(ground.signal, Promise.resolve(1))).toBe(1);
  await expect(unless(ground.signal, Promise.reject(new Error('refused')))).rejects.toThrow('refused');
});

test('work that never settles is left when the ground falls away, before or after it began', async () => {
  const ground = new AbortController();
  const waiting = unless(ground.signal, new Promise(() => undefined));
  ground.abort(new Error('the cluster ends'));
  await expect(waiting).rejects.toThrow('the cluster ends');
  await expect(unless(ground.signal, new Promise(() => undefined))).rejects.toThrow('the cluster ends');
});
