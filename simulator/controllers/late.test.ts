/** A controller that waits until it is needed. */
import { expect, test } from 'vitest';
import { Simulation } from '../../world/simulated/simulation.ts';
import { LateController } from './late.ts';

async function begin() {
  const simulation = new Simulation({ seed: 1, startAt: 0 });
  const calls: string[] = [];
  let need = () => {};
  const late = new LateController({
    world: simulation.process('controllers'),
    make: () => {
      calls.push('made');
      return { start: async () => void calls.push('started'), stop: async () => void calls.push('stopped') };
    },
    whenNeeded: (callBack) => {
      need = callBack;
      return () => void calls.push('given up');
    },
  });
  await late.start();
  return { simulation, late, calls, need: () => need() };
}

test('is made and started when it is needed, and stopped with the rest', async () => {
  const { simulation, late, calls, need } = await begin();
  await simulation.advance(1_000);
  expect(calls).toEqual([]);
  need();
  await simulation.advance(1_000);
  expect(calls).toEqual(['made', 'started']);
  await late.stop();
  expect(calls.at(-1)).toBe('stopped');
});

test('is never made if it is stopped before', async () => {
  const { simulation, late, calls, need } = await begin();
  need();
  await late.stop();
  await simulation.advance(1_000);
  expect(calls).toEqual(['given up']);
});
