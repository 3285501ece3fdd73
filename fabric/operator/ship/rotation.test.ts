/**
 * A log that is rotated while it is shipped: the log API shows its newest file alone, the node's own files show more.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bench, benchOfLateReader, numbered, textOf } from './shipper-bench.fixture.ts';

describe('by the log API', () => {
  it('a log that was rotated twice within seconds before a late reader is not called complete', async () => {
    const { simulation, pod, restartContent, ledger } = await benchOfLateReader();
    pod.print(...Array.from({ length: 30 }, () => 'x'.repeat(100_000)));
    await simulation.advance(500);
    pod.rotate();
    pod.print('in the lost file');
    await simulation.advance(500);
    pod.rotate();
    pod.print('after');
    await simulation.advance(4000);
    await restartContent();
    pod.end();
    const verdict = await simulation.run(ledger);
    expect(verdict).toMatchObject({ lines: 32, complete: false });
    expect(verdict.missing).toEqual([{ afterLine: 31, reason: expect.stringContaining('may have been lost') }]);
  });

  it('a late reader goes on in the next file when the pause before it is too short for a lost one', async () => {
    const { simulation, pod, storedText, restartContent, ledger } = await benchOfLateReader(4000);
    pod.print(...Array.from({ length: 60 }, () => 'x'.repeat(100_000)));
    await simulation.advance(5);
    pod.rotate();
    pod.print(...Array.from({ length: 60 }, () => 'y'.repeat(100_000)));
    await simulation.advance(6000);
    await restartContent();
    pod.end();
    expect(await simulation.run(ledger)).toMatchObject({ lines: 121, complete: true, missing: [] });
    expect(await storedText()).toBe(pod.text);
  });

  it('what a late reader finds behind an empty newest file is named once', async () => {
    const { simulation, pod, storedText, restartContent, ledger } = await benchOfLateReader();
    pod.print(...Array.from({ length: 60 }, () => 'x'.repeat(100_000)));
    const old = pod.text;
    await simulation.advance(3000);
    pod.rotate();
    pod.print('in the lost file');
    pod.rotate();
    await restartContent();
    await simulation.advance(5000);
    pod.end();
    const { complete, missing } = await simulation.run(ledger);
    expect([complete, missing]).toEqual([
      false,
      [{ afterLine: 61, reason: expect.stringContaining('no line any more to compare with') }],
    ]);
    expect(await storedText()).toBe(old);
  });

  it('a late reader of a log that was not rotated has it whole', async () => {
    const { simulation, pod, storedText, restartContent, ledger } = await benchOfLateReader();
    for (let round = 0; round < 5; round++) {
      pod.print(...Array.from({ length: 10 }, () => 'x'.repeat(100_000)));
      await simulation.advance(3000);
    }
    await restartContent();
    pod.end();
    expect(await simulation.run(ledger)).toMatchObject({ complete: true, missing: [] });
    expect(await storedText()).toBe(pod.text);
  });
});

describe('a log without a line', () => {
  it('is not called complete when it was looked at long after the start: a rotation leaves an empty file', async () => {
    const { simulation, pod, ship } = await bench();
    pod.print(...numbered(0, 5));
    await simulation.advance(12_000);
    pod.rotate();
    pod.end();
    const { complete, missing } = await simulation.run(ship().ledger);
    expect([complete, missing]).toEqual([
      false,
      [{ afterLine: 0, reason: expect.stringContaining('looked at first 12 s after the start') }],
    ]);
  });

  it('is complete when its node has one file', async () => {
    const { simulation, pod, nodeLogs, ship } = await bench();
    await simulation.advance(12_000);
    pod.end();
    expect(await simulation.run(ship(undefined, { nodeLogs }).ledger)).toMatchObject({ lines: 0, complete: true });
  });
});

describe('by the node’s own files', () => {
  it('nothing is lost of a log that was rotated while nobody read', async () => {
    const { simulation, pod, nodeLogs, ship, storedText } = await bench();
    const before = ship(undefined, { nodeLogs });
    pod.print(...numbered(0, 5));
    await simulation.advance(3000);
    before.world.kill();
    for (let round = 1; round <= 3; round++) {
      await simulation.advance(15_000);
      pod.rotate();
      pod.print(...numbered(5 * round, 5));
    }
    pod.end();
    const verdict = await simulation.run(ship(undefined, { nodeLogs }).ledger);
    expect(verdict).toMatchObject({ lines: 20, complete: true, missing: [] });
    expect(await storedText()).toBe(pod.text);
  });

  it('what was removed before it was read is named', async () => {
    const { simulation, pod, nodeLogs, ship, storedText } = await bench();
    nodeLogs.maximumFiles = 2;
    const before = ship(undefined, { nodeLogs });
    pod.print(...numbered(0, 5));
    await simulation.advance(3000);
    before.world.kill();
    for (let round = 1; round <= 4; round++) {
      pod.rotate();
      pod.print(...numbered(5 * round, 5));
      await simulation.advance(12_000);
    }
    pod.end();
    const verdict = await simulation.run(ship(undefined, { nodeLogs }).ledger);
    expect(verdict).toMatchObject({ lines: 15, complete: false });
    expect(verdict.missing).toEqual([
      { afterLine: 5, reason: expect.stringContaining('rotated before it was read on') },
    ]);
    expect(await storedText()).toBe(textOf([...numbered(0, 5), ...numbered(15, 10)]));
  });

  it('a reader that comes late leaves the stream for them', async () => {
    const { simulation, pod, nodeLogs, ship, storedText, killContent, restartContent } = await bench();
    pod.chunkBytes = 50_000;
    const { ledger } = ship(undefined, { nodeLogs, batchMemoryBytes: 1 });
    pod.print('begin');
    await simulation.advance(2000);
    killContent();
    for (let round = 0; round < 6; round++) {
      pod.print(...Array.from({ length: 10 }, () => 'x'.repeat(100_000)));
      await simulation.advance(500);
      pod.rotate();
    }
    await restartContent();
    await simulation.advance(20_000);
    pod.print('end');
    pod.end();
    expect(await simulation.run(ledger)).toMatchObject({ lines: 62, complete: true, missing: [] });
    expect(await storedText()).toBe(pod.text);
    expect(nodeLogs.servedBytes).toBeGreaterThan(1_000_000);
  });

  it.each([403, 404, 501])('refused with %i, the log API serves', async (code) => {
    const { simulation, pod, nodeLogs, ship, storedText } = await bench();
    nodeLogs.refusedWith = code;
    pod.print(...numbered(0, 5));
    pod.end();
    expect(await simulation.run(ship(undefined, { nodeLogs }).ledger)).toMatchObject({ lines: 5, complete: true });
    expect(await storedText()).toBe(pod.text);
  });

  it('a clock that is behind costs speed alone', async () => {
    const { simulation, pod, nodeLogs, ship, storedText } = await bench();
    pod.clockBehindMs = 30_000;
    const { ledger } = ship(undefined, { nodeLogs });
    for (let round = 0; round < 20; round++) {
      pod.print(...numbered(3 * round, 3));
      await simulation.advance(1500);
    }
    pod.end();
    expect(await simulation.run(ledger)).toMatchObject({ lines: 60, complete: true, missing: [] });
    expect(await storedText()).toBe(pod.text);
  });

  const step = fc.oneof(
    {
      weight: 5,
      arbitrary: fc.record({ kind: fc.constant('print' as const), count: fc.integer({ min: 1, max: 60 }) }),
    },
    fc.record({ kind: fc.constantFrom('cut' as const, 'kill operator' as const, 'restart content' as const) }),
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('rotate' as const) }) },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant('wait' as const), ms: fc.nat(6000) }) },
  );

  it('whatever breaks and however it is rotated, no line is lost and none comes twice, or the ledger says so', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { maxLength: 16 }),
        fc.integer({ min: 3, max: 300 }),
        fc.constantFrom(2, 100),
        fc.nat(5),
        async (steps, chunkBytes, maximumFiles, rotateEvery) => {
          const { simulation, pod, nodeLogs, ship, storedText, killContent, restartContent } = await bench();
          pod.chunkBytes = chunkBytes;
          nodeLogs.maximumFiles = maximumFiles;
          let asked = 0;
          let rotatedAt = simulation.now();
          const rotate = (isReadByFiles = false) => {
            // As often as a kubelet may, but for a reader of files of which none is removed.
            const isTooOften = simulation.now() - rotatedAt < 3000;
            if (pod.hasEnded || (isTooOften && !(isReadByFiles && maximumFiles === 100))) return;
            rotatedAt = simulation.now();
            pod.rotate();
          };
          // Between a list of the files and the reading of one, too.
          nodeLogs.before = () => {
            asked += 1;
            if (rotateEvery > 0 && asked < 40 && asked % rotateEvery === 0) rotate(true);
          };
          let current = ship(undefined, { nodeLogs });
          let printed = 0;
          for (const taken of steps) {
            if (taken.kind === 'print') {
              pod.print(...numbered(printed, taken.count));
              printed += taken.count;
            } else if (taken.kind === 'rotate') rotate();
            else if (taken.kind === 'wait') await simulation.advance(taken.ms);
            else if (taken.kind === 'cut') pod.cut();
            else if (taken.kind === 'kill operator') {
              current.world.kill();
              current = ship(undefined, { nodeLogs });
            } else {
              killContent();
              await simulation.advance(700);
              await restartContent();
            }
          }
          pod.end();
          const { complete, lines, missing } = await simulation.run(current.ledger);
          const stored = printed > 0 && lines > 0 ? await storedText() : '';
          if (complete) expect(stored).toBe(pod.text);
          else expect(missing.length).toBeGreaterThan(0);
          expect(isInOrder(stored, printed)).toBe(true);
        },
      ),
      { numRuns: 60 },
    );
  });
});

/** Numbered lines, none twice and none out of order. */
function isInOrder(text: string, printed: number): boolean {
  const numbers = text.split('\n').flatMap((line) => (line === '' ? [] : [Number(line.replace('line ', ''))]));
  return numbers.every((number, index) => number < printed && (index === 0 || number > (numbers[index - 1] ?? -1)));
}
