import { expect, it } from 'vitest';
import { FileNotFoundError, LockHeldError } from '../../../../world/files.ts';
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

const text = { contentType: 'text/plain' };

/** Gives one piece and waits; `go` lets it give the rest. */
function halting(): { readonly source: AsyncIterable<Buffer>; go(): void } {
  let go = () => {};
  const gone = new Promise<void>((resolve) => {
    go = resolve;
  });
  async function* source() {
    yield Buffer.from('half ');
    await gone;
    yield Buffer.from('and half');
  }
  return { source: source(), go: () => go() };
}

it('a second service on the folder is told who has it, and touches nothing, uploads under way included', async () => {
  const simulation = new Simulation({ seed: 7, startAt });
  const first = simulation.process('first');
  const second = simulation.process('second');
  const blobs = await simulation.run(openFolderBlobs({ world: first, folder: '/content' }));
  const upload = halting();
  const putting = blobs.put('k', upload.source, text);
  await simulation.settle();
  const refused = openFolderBlobs({ world: second, folder: '/content' });
  await expect(simulation.run(refused)).rejects.toThrow(LockHeldError);
  await expect(simulation.run(openFolderBlobs({ world: second, folder: '/content' }))).rejects.toThrow('first');
  upload.go();
  expect(await simulation.run(putting)).toMatchObject({ sizeBytes: 13 });
  expect(await simulation.run(blobs.head('k'))).toMatchObject({ sizeBytes: 13 });
  await simulation.run(blobs.close());
  const next = await simulation.run(openFolderBlobs({ world: second, folder: '/content' }));
  expect(await simulation.run(next.head('k'))).toMatchObject({ sizeBytes: 13 });
});

it('a file that has gone while it was uploaded is not acknowledged, and what was there before stays', async () => {
  const simulation = new Simulation({ seed: 7, startAt });
  const world = simulation.process('content');
  const blobs = await simulation.run(openFolderBlobs({ world, folder: '/content' }));
  async function* whole() {
    yield Buffer.from('old');
  }
  await simulation.run(blobs.put('k', whole(), text));
  const upload = halting();
  const putting = blobs.put('k', upload.source, text);
  await simulation.settle();
  for (const name of await simulation.run(world.files.list('/content/drafts'))) {
    await simulation.run(world.files.remove(`/content/drafts/${name}`));
  }
  upload.go();
  await expect(simulation.run(putting)).rejects.toThrow(FileNotFoundError);
  expect(await simulation.run(blobs.head('k'))).toMatchObject({ sizeBytes: 3 });
});

it('the sweep removes drafts that nobody writes, and no others; a start removes empty folders too', async () => {
  const simulation = new Simulation({ seed: 7, startAt });
  const world = simulation.process('content');
  const blobs = await simulation.run(openFolderBlobs({ world, folder: '/content' }));
  await simulation.run(world.files.write('/content/drafts/left', 'half an upload'));
  const upload = halting();
  const putting = blobs.put('a/b/c', upload.source, text);
  await simulation.settle();
  await simulation.run(blobs.removeExpired());
  expect(await simulation.run(world.files.list('/content/drafts'))).toHaveLength(1);
  upload.go();
  await simulation.run(putting);
  expect(await simulation.run(world.files.list('/content/drafts'))).toEqual([]);
  await simulation.run(blobs.delete('a/b/c'));
  world.kill();
  const next = simulation.process('content');
  await simulation.run(openFolderBlobs({ world: next, folder: '/content' }));
  expect(await simulation.run(next.files.list('/content/keys'))).toEqual([]);
});
