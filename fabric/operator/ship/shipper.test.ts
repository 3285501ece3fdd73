/** The promise of the shipper: the stored log is the container's log, or the ledger says what is missing. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Ledger } from './ledger.ts';
import { LogShipper } from './shipper.ts';
import { bench, benchOfLateReader, numbered, run, textOf } from './shipper-bench.fixture.ts';

describe('a log that is read in peace', () => {
  it('is stored while it grows, a second after it was printed', async () => {
    const { simulation, pod, ship, storedText } = await bench();
    const { ledger } = ship();
    await simulation.advance(1000);
    pod.print('one', 'two');
    await simulation.advance(1500);
    expect(await storedText()).toBe('one\ntwo\n');
    pod.print('three');
    pod.end();
    const verdict: Ledger = { key: 'tasks/f/log.txt', lines: 3, bytes: 14, complete: true, missing: [] };
    expect(await simulation.run(ledger)).toEqual(verdict);
    expect(await storedText()).toBe('one\ntwo\nthree\n');
  });

  it('is complete without any line', async () => {
    const { simulation, pod, ship } = await bench();
    const { ledger } = ship();
    pod.end();
    expect(await simulation.run(ledger)).toMatchObject({ lines: 0, bytes: 0, complete: true });
  });

  it('is complete without any line when the program could not be run, though it is said to have begun at the epoch', async () => {
    const { simulation, pod, ship } = await bench();
    pod.neverBegan = true;
    pod.end();
    expect(await simulation.run(ship().ledger)).toMatchObject({ lines: 0, bytes: 0, complete: true, missing: [] });
  });

  it('keeps a last line without line feed exactly', async () => {
    const { simulation, pod, ship, storedText } = await bench();
    pod.isUnterminated = true;
    pod.print('one', 'end');
    pod.end();
    expect(await simulation.run(ship().ledger)).toMatchObject({ lines: 2, bytes: 7, complete: true });
    expect(await storedText()).toBe('one\nend');
  });

  it.each([
    ['with a line feed', false],
    ['without one', true],
  ])('is complete when its last line is longer than a record, %s', async (_, isUnterminated) => {
    const { simulation, pod, ship, storedText } = await bench();
    pod.isUnterminated = isUnterminated;
    pod.print('start', `{"result":"${'x'.repeat(29_987)}"}`);
    pod.end();
    const bytes = isUnterminated ? 30_006 : 30_007;
    expect(await simulation.run(ship().ledger)).toMatchObject({ lines: 2, bytes, complete: true, missing: [] });
    expect(await storedText()).toBe(pod.text);
  });

  it('is complete when one long line is all that it has', async () => {
    const { simulation, pod, ship, storedText } = await bench();
    pod.print('x'.repeat(1_000_000));
    pod.end();
    expect(await simulation.run(ship().ledger)).toMatchObject({ lines: 1, complete: true, missing: [] });
    expect(await storedText()).toBe(pod.text);
  });

  it('is read on behind a long line that goes on in the second from which it is read again', async () => {
    const { simulation, pod, ship, storedText } = await bench();
    const first = ship();
    await simulation.advance(900);
    pod.printPart('=>'.repeat(8_192));
    await simulation.advance(200);
    pod.print('> 100 %');
    await simulation.advance(1_000);
    pod.print('done');
    await simulation.advance(2_000);
    first.world.kill();
    const { ledger } = ship();
    pod.print('after');
    pod.end();
    expect(await simulation.run(ledger)).toMatchObject({ lines: 3, complete: true, missing: [] });
    expect(await storedText()).toBe(pod.text);
  });

  it('passes lines that are longer than a batch', async () => {
    const { simulation, pod, ship, storedText } = await bench();
    pod.chunkBytes = 100_000;
    pod.print('short', 'x'.repeat(3_500_000), 'y'.repeat(1_048_576), 'short');
    pod.end();
    const { ledger } = ship(undefined, { batchMemoryBytes: 1 });
    expect(await simulation.run(ledger)).toMatchObject({ lines: 4, complete: true });
    expect(await storedText()).toBe(pod.text);
  });

  it('shipped again answers at once with the same verdict', async () => {
    const { simulation, pod, ship } = await bench();
    pod.print('one');
    pod.end();
    const first = await simulation.run(ship().ledger);
    const opened = pod.opened;
    expect(await simulation.run(ship().ledger)).toEqual(first);
    expect(pod.opened).toBe(opened);
  });

  it('sets a second pod behind the first', async () => {
    const { simulation, pod, ship, storedText } = await bench();
    pod.print('first try');
    pod.end();
    await simulation.run(ship().ledger);
    const second = await simulation.run(ship(undefined, { pod: 'p2' }).ledger);
    expect(second).toMatchObject({ lines: 2, complete: true });
    expect(await storedText()).toBe('first try\nfirst try\n');
  });
});

describe('whatever breaks, no line is lost and none comes twice', () => {
  const step = fc.oneof(
    {
      weight: 5,
      arbitrary: fc.record({ kind: fc.constant('print' as const), count: fc.integer({ min: 1, max: 60 }) }),
    },
    fc.record({ kind: fc.constant('print a part' as const), bytes: fc.integer({ min: 1, max: 400 }) }),
    fc.record({ kind: fc.constantFrom('cut' as const, 'kill operator' as const, 'restart content' as const) }),
    { weight: 3, arbitrary: fc.record({ kind: fc.constant('wait' as const), ms: fc.nat(4000) }) },
  );

  /**
   * An operator that is started behind a silence of this length cannot know that nothing was rotated away
   * (beginning.ts).
   */
  const longQuietMs = 10_000;

  it('with any order of prints, cuts, kills of the operator and restarts of content', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { maxLength: 14 }),
        fc.integer({ min: 3, max: 300 }),
        fc.boolean(),
        async (steps, chunkBytes, isUnterminated) => {
          const { simulation, pod, ship, storedText, killContent, restartContent } = await bench();
          pod.chunkBytes = chunkBytes;
          let current = ship();
          let printed = 0;
          let quietMs = 0;
          for (const taken of steps) {
            if (taken.kind === 'print') {
              pod.print(...numbered(printed, taken.count));
              printed += taken.count;
            } else if (taken.kind === 'print a part') {
              pod.printPart('#'.repeat(taken.bytes));
            } else if (taken.kind === 'wait') {
              await simulation.advance(taken.ms);
              if (pod.text === '') quietMs += taken.ms;
            } else if (taken.kind === 'cut') {
              pod.cut();
            } else if (taken.kind === 'kill operator') {
              current.world.kill();
              current = ship();
            } else {
              killContent();
              await simulation.advance(700);
              if (pod.text === '') quietMs += 700;
              await restartContent();
            }
          }
          if (isUnterminated) {
            pod.isUnterminated = true;
            pod.print(...numbered(printed, 1));
            printed += 1;
          }
          pod.end();
          const verdict = await simulation.run(current.ledger);
          const lines = pod.text.split('\n').length - (pod.text === '' || pod.text.endsWith('\n') ? 1 : 0);
          if (quietMs < longQuietMs || verdict.complete) {
            expect(verdict).toMatchObject({ lines, complete: true, missing: [] });
          } else {
            expect(verdict.missing).toEqual([{ afterLine: 0, reason: expect.stringContaining('a rotation may have') }]);
            expect(verdict.lines).toBe(lines);
          }
          if (lines > 0) expect(await storedText()).toBe(pod.text);
        },
      ),
      { numRuns: 80 },
    );
  });

  it('with streams that break after a few chunks, in the middle of lines and of times', async () => {
    const { simulation, pod, ship, storedText } = await bench();
    const random = simulation.process('chance').random.stream('breaks');
    pod.chunkBytes = 61;
    pod.breakAfterChunks = () => random.integer(1, 1500);
    pod.print(...numbered(0, 1000));
    pod.end();
    const verdict = await simulation.run(ship().ledger);
    expect(verdict).toMatchObject({ lines: 1000, complete: true });
    expect(pod.opened).toBeGreaterThan(3);
    expect(await storedText()).toBe(pod.text);
  });

  it('with a network that loses answer after answer while the last line is compared', async () => {
    const { simulation, pod, ship } = await bench();
    pod.print(...numbered(0, 10));
    pod.end();
    pod.failShortReads = 20;
    expect(await simulation.run(ship().ledger)).toMatchObject({ lines: 10, complete: true, missing: [] });
  });

  it.each([429, 500, 503])('with an API server that answers %i for minutes after the end', async (code) => {
    const { simulation, pod, ship } = await bench();
    pod.print(...numbered(0, 10));
    pod.end();
    pod.refusedWith = code;
    const { ledger } = ship();
    await simulation.advance(4 * 60_000);
    pod.refusedWith = undefined;
    expect(await simulation.run(ledger)).toMatchObject({ lines: 10, complete: true, missing: [] });
  });

  it('with managed content away for an hour', async () => {
    const { simulation, pod, ship, storedText, killContent, restartContent } = await bench();
    killContent();
    const { ledger } = ship();
    pod.print(...numbered(0, 10));
    await simulation.advance(3_600_000);
    pod.end();
    await restartContent();
    expect(await simulation.run(ledger)).toMatchObject({ lines: 10, complete: true });
    expect(await storedText()).toBe(pod.text);
  });
});

describe('what is missing is named', () => {
  it('when the log was rotated while nobody read', async () => {
    const { simulation, pod, ship, storedText } = await bench();
    const before = ship();
    pod.print(...numbered(0, 5));
    await simulation.advance(3000);
    before.world.kill();
    pod.print(...numbered(5, 5));
    await simulation.advance(20_000);
    pod.rotate();
    pod.print(...numbered(10, 5));
    pod.end();
    const verdict = await simulation.run(ship().ledger);
    expect(verdict).toMatchObject({ lines: 10, complete: false });
    expect(verdict.missing).toEqual([{ afterLine: 5, reason: expect.stringContaining('rotated') }]);
    expect(await storedText()).toBe(textOf([...numbered(0, 5), ...numbered(10, 5)]));
  });

  it('when a file was rotated away in the middle of a stream that was read late', async () => {
    const { simulation, pod, restartContent, ledger } = await benchOfLateReader();
    pod.print(...Array.from({ length: 30 }, () => 'x'.repeat(100_000)));
    await simulation.advance(12_000);
    pod.rotate();
    pod.print('in the lost file');
    await simulation.advance(12_000);
    pod.rotate();
    pod.print('after');
    await restartContent();
    pod.end();
    const verdict = await simulation.run(ledger);
    expect(verdict.complete).toBe(false);
    expect(verdict.missing).toEqual([{ afterLine: 31, reason: expect.stringContaining('rotated while it was read') }]);
  });

  it('not when a container only paused, however late it is read', async () => {
    const { simulation, pod, ship } = await bench();
    pod.print('one');
    await simulation.advance(60_000);
    pod.print('two');
    await simulation.advance(60_000);
    pod.end();
    expect(await simulation.run(ship().ledger)).toMatchObject({ lines: 2, complete: true, missing: [] });
  });

  it('when a stream ended as if it were whole, and the container went on until its pod was removed', async () => {
    const { simulation, pod, ship } = await bench();
    const { ledger } = ship();
    pod.print('one', 'two');
    await simulation.advance(2000);
    pod.hangUp();
    await simulation.advance(100);
    pod.print('never read');
    pod.remove();
    await simulation.advance(5000);
    pod.end();
    const verdict = await simulation.run(ledger);
    expect(verdict).toMatchObject({ lines: 2, complete: false });
    expect(verdict.missing).toEqual([
      { afterLine: 2, reason: expect.stringMatching(/ended \d s before its container/) },
    ]);
  });

  it('when nobody saw the container end', async () => {
    const { simulation, pod, ship } = await bench();
    const { ledger } = ship(undefined, { end: () => undefined });
    pod.print('one');
    await simulation.advance(2000);
    pod.hangUp();
    await simulation.advance(1);
    pod.remove();
    const verdict = await simulation.run(ledger);
    expect(verdict.missing).toEqual([
      { afterLine: 1, reason: expect.stringContaining('nobody saw its container end') },
    ]);
  });

  it('when the container was restarted: the log API shows its last instance only', async () => {
    const { simulation, pod, ship } = await bench();
    pod.restarts = 2;
    pod.print('third try');
    pod.end();
    const verdict = await simulation.run(ship().ledger);
    expect(verdict).toMatchObject({ lines: 1, complete: false });
    expect(verdict.missing).toEqual([{ afterLine: 1, reason: expect.stringContaining('restarted (2)') }]);
  });

  it('not when the pod was removed after its container’s end had been seen and its log been read', async () => {
    const { simulation, pod, ship, storedText } = await bench();
    const { ledger } = ship();
    pod.print('one', 'two');
    await simulation.advance(1500);
    pod.isUnterminated = true;
    pod.print('last words');
    pod.end();
    await simulation.advance(1);
    pod.remove();
    const verdict = await simulation.run(ledger);
    expect(verdict).toMatchObject({ lines: 3, complete: true, missing: [] });
    expect(await storedText()).toBe('one\ntwo\nlast words');
  });

  it('when the API server refuses the log for good', async () => {
    const { simulation, pod, ship } = await bench();
    pod.print('lost');
    pod.end();
    pod.refusedWith = 500;
    const { complete, missing } = await simulation.run(ship().ledger);
    expect([complete, missing.map(({ reason }) => reason)]).toEqual([
      false,
      ['the log cannot be read any more: the server answered 500'],
    ]);
  });

  it('when the pod was removed before the end', async () => {
    const { simulation, pod, ship, storedText } = await bench();
    const { ledger } = ship();
    pod.print('one', 'two');
    await simulation.advance(200);
    pod.remove();
    const verdict = await simulation.run(ledger);
    expect(verdict).toMatchObject({ lines: 2, complete: false });
    expect(verdict.missing).toEqual([{ afterLine: 2, reason: expect.stringContaining('the pod is gone') }]);
    expect(await storedText()).toBe('one\ntwo\n');
  });
});

describe('limits', () => {
  it('the rate of all streams together is held', async () => {
    const { simulation, pod, ship } = await bench();
    pod.chunkBytes = 100_000;
    pod.print(...Array.from({ length: 100 }, () => 'x'.repeat(100_000)));
    pod.end();
    const startedAt = simulation.now();
    await simulation.run(ship(undefined, { bytesPerSecond: 1_000_000 }).ledger);
    expect(simulation.now() - startedAt).toBeGreaterThan(8_000);
  });

  it('who waits for a stream comes in turn, and leaves when aborted', async () => {
    const { simulation, pod } = await bench();
    const world = simulation.process('operator');
    const shipper = new LogShipper({ world, client: pod.client(), contentUrl: 'http://content', maximumStreams: 1 });
    const first = new AbortController();
    const second = new AbortController();
    const running = shipper.ship(run, first.signal);
    const waiting = shipper.ship({ ...run, folder: 'g' }, second.signal);
    running.catch(() => undefined);
    waiting.catch(() => undefined);
    await simulation.advance(1000);
    expect(pod.opened).toBe(1);
    second.abort(new Error('no longer wanted'));
    await expect(simulation.run(waiting)).rejects.toThrow('no longer wanted');
    first.abort(new Error('over'));
    await expect(simulation.run(running)).rejects.toThrow('over');
  });
});
