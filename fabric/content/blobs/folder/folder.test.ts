import { expect, it } from 'vitest';
import { Simulation } from '../../../../world/simulated/simulation.ts';
import { describeBlobs } from '../contract.ts';
import { openFolderBlobs } from './folder.ts';

const startAt = Date.UTC(2026, 0, 1);

describeBlobs('a folder', async () => {
  const simulation = new Simulation({ seed: 7, startAt });
  const world = simulation.process('content');
  const blobs = await simulation.run(openFolderBlobs({ world, folder: '/content' }));
  return {
    blobs,
    run: (answer) => simulation.run(answer),
    advance: (durationMs) => simulation.advance(durationMs),
  };
});

it('a restarted service finds its objects, expires them, and removes bytes that no entry names', async () => {
  const simulation = new Simulation({ seed: 7, startAt });
  const first = simulation.process('content');
  const before = await simulation.run(openFolderBlobs({ world: first, folder: '/content' }));
  async function* bytes() {
    yield Buffer.from('x');
  }
  await simulation.run(before.put('kept', bytes(), { contentType: 'text/plain', ttlSeconds: 60 }));
  await simulation.run(first.files.write('/content/data/orphan', 'half an upload'));
  first.kill();
  const second = simulation.process('content');
  const after = await simulation.run(openFolderBlobs({ world: second, folder: '/content' }));
  expect(await simulation.run(after.head('kept'))).toMatchObject({ sizeBytes: 1 });
  expect(await simulation.run(second.files.list('/content/data'))).toHaveLength(1);
  await simulation.advance(120_000);
  expect(await simulation.run(after.removeExpired())).toBe(1);
  expect(await simulation.run(second.files.list('/content/data'))).toEqual([]);
});
