import { expect, test } from 'vitest';
import { DeadlineExceededError } from '../../../../world/clock.ts';
import { realClock } from '../../../../world/real/clock.ts';
import type { Site } from '../site.ts';
import { type Step, StepFailedError, take } from './step.ts';

const site = {
  world: { clock: realClock },
  programs: { tailOf: () => 'panic: no space left' },
} as unknown as Site;

const step = (wish: Partial<Step>): Step => ({
  name: 'start etcd',
  deadlineMs: 5_000,
  remedy: 'free some space',
  run: async () => undefined,
  ...wish,
});

test('steps are taken in order', async () => {
  const order: string[] = [];
  const noting = (name: string) => step({ name, run: async () => void order.push(`${name} done`) });
  await take([noting('a'), noting('b')], site, ({ name }) => order.push(name));
  expect(order).toEqual(['a', 'a done', 'b', 'b done']);
});

test('a failure names the step, the cause, the remedy and the program’s last words', async () => {
  const failing = step({ program: 'etcd', run: () => Promise.reject(new Error('etcd ended with 2')) });
  const error = await take([failing], site).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(StepFailedError);
  expect((error as Error).message).toBe(
    'could not start etcd: etcd ended with 2; free some space\nlast words of etcd:\npanic: no space left',
  );
});

test('a step that never ends fails at its deadline, and is told so', async () => {
  let told: unknown;
  const endless = step({
    deadlineMs: 1,
    run: (_site, signal) =>
      new Promise(() => {
        signal.addEventListener('abort', () => {
          told = signal.reason;
        });
      }),
  });
  await expect(take([endless], site)).rejects.toThrow('to start etcd took longer than 1 ms; free some space');
  expect(told).toBeInstanceOf(DeadlineExceededError);
});
