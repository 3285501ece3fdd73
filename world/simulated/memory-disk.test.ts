import { expect, test } from 'vitest';
import { filesContract } from '../files.contract.ts';
import { MemoryDisk } from './memory-disk.ts';
import { Simulation } from './simulation.ts';

filesContract('in memory', async () => ({
  files: new MemoryDisk(() => 0),
  root: '/disk',
  close: async () => undefined,
}));

test('a disk in memory tells virtual time, and survives the process that wrote to it', async () => {
  const simulation = new Simulation({ seed: 1, startAt: 1000 });
  const first = simulation.process('p');
  await simulation.advance(500);
  await simulation.run(first.files.write('/x', 'kept'));
  first.kill();
  const second = simulation.process('p');
  expect(await simulation.run(second.files.status('/x'))).toEqual({ kind: 'file', sizeBytes: 4, modifiedAt: 1500 });
});

test('a reader that its process outlives not reads no further', async () => {
  const simulation = new Simulation({ seed: 1, startAt: 0 });
  const process = simulation.process('p');
  await simulation.run(process.files.write('/x', Buffer.alloc(200_000)));
  let chunks = 0;
  const read = async () => {
    for await (const _ of process.files.readStream('/x')) {
      chunks++;
      await process.clock.sleep(10);
    }
  };
  void read();
  await simulation.advance(15);
  process.kill();
  await simulation.advance(1000);
  expect(chunks).toBe(2);
});

test('a killed process holds no lock', async () => {
  const simulation = new Simulation({ seed: 1, startAt: 0 });
  const first = simulation.process('p');
  const second = simulation.process('q');
  await simulation.run(first.files.lock('/store/lock', 'p'));
  await expect(simulation.run(second.files.lock('/store/lock', 'q'))).rejects.toThrow('is held by p');
  first.kill();
  await simulation.run(second.files.lock('/store/lock', 'q'));
  const third = simulation.process('r');
  void third.files.lock('/other/lock', 'r');
  third.kill();
  await simulation.settle();
  await simulation.run(second.files.lock('/other/lock', 'q'));
});
