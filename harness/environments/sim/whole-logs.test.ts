/**
 * Whatever a container writes: managed content has what a kubelet prints of it, byte by byte, and calls it complete.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openFolderBlobs } from '../../../fabric/content/blobs/folder/folder.ts';
import { startContent } from '../../../fabric/content/server.ts';
import { LogShipper } from '../../../fabric/operator/ship/shipper.ts';
import { outputForms } from '../../../fixtures/output-forms/forms.ts';
import { createHttpClient, kubeConfigFor } from '../../../kubernetes/http-client.ts';
import { printed, recordsOf } from '../../../simulator/node/logs/upstream-logs.fixture.ts';
import { main, startCluster } from '../../../simulator/node/node.fixture.ts';

interface Piece {
  readonly stream: 'stdout' | 'stderr';
  readonly bytes: Buffer;
  readonly restMs: number;
}

/** A pod that writes these, on a simulated node, and its log shipped from the beginning. */
async function shipped(pieces: readonly Piece[]) {
  const { simulation, create } = await startCluster({
    programs: {
      writing: async ({ world, write }) => {
        for (const { stream, bytes, restMs } of pieces) {
          await write(bytes, stream);
          await world.clock.sleep(restMs);
        }
        return 0;
      },
    },
  });
  const contentWorld = simulation.process('content');
  const blobs = await simulation.run(openFolderBlobs({ world: contentWorld, folder: '/content' }));
  await simulation.run(startContent({ world: contentWorld, address: 'content:80', blobs }));
  await create('p', { containers: [main('writing')] });
  const world = simulation.process('operator');
  const client = createHttpClient({ world, config: kubeConfigFor({ server: 'http://kubernetes' }) });
  const shipper = new LogShipper({ world, client, contentUrl: 'http://content' });
  const source = { namespace: 'default', pod: 'p', container: 'main', project: 'proj', folder: 'f' };
  const ledger = await simulation.run(shipper.ship(source, new AbortController().signal));
  const stored = await simulation.run(
    simulation
      .process('reader')
      .network.fetch('http://content/fabric/v4/projects/proj/content/tasks/f/log.txt')
      .then(async (answer) => Buffer.from(await answer.arrayBuffer())),
  );
  return { ledger, stored };
}

async function expectWhole(pieces: readonly Piece[]): Promise<void> {
  const records = (await recordsOf(pieces)).map((record) => ({ ...record, time: '' }));
  const expected = printed(records);
  const { ledger, stored } = await shipped(pieces);
  expect(stored.toString('latin1')).toBe(expected.toString('latin1'));
  expect(ledger).toMatchObject({ bytes: expected.length, complete: true, missing: [] });
}

test('generated output, however it is cut, with pauses of seconds in the middle of lines', async () => {
  const bytes = fc.oneof(
    {
      weight: 3,
      arbitrary: fc.constantFrom('\n', '\r', '\r\n', '\0', 'text\n', 'rest').map((text) => Buffer.from(text)),
    },
    fc.uint8Array({ minLength: 1, maxLength: 40 }).map((drawn) => Buffer.from(drawn)),
    fc
      .tuple(fc.constantFrom(4096, 16_384, 20_480, 40_000), fc.integer({ min: -1, max: 1 }))
      .map(([border, offset]) => Buffer.alloc(border + offset, 'x')),
  );
  const stream = fc.constantFrom('stdout' as const, 'stdout' as const, 'stderr' as const);
  const piece = fc.record({ stream, bytes, restMs: fc.constantFrom(0, 0, 300, 2_500) });
  await fc.assert(fc.asyncProperty(fc.array(piece, { maxLength: 10 }), expectWhole), { numRuns: 40 });
}, 240_000);

test('every form of output', async () => {
  for (const { writes } of outputForms) {
    await expectWhole(
      writes.map(
        ({ text, times = 1, stream, pause }): Piece => ({
          stream: stream ?? 'stdout',
          bytes: Buffer.from(text.repeat(times), 'latin1'),
          restMs: pause ? 1_000 : 0,
        }),
      ),
    );
  }
}, 240_000);
