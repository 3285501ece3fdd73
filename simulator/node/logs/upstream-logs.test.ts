/** Whatever a container writes, its file and `kubectl logs` are what containerd and a kubelet make of it. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Simulation } from '../../../world/simulated/simulation.ts';
import { ContainerLog, kubeletRotation } from './container-log.ts';
import { readLog } from './read-log.ts';
import { headBytes, tagOffset, timestampBytes } from './record-encoder.ts';
import { type CriRecord, type Output, printed, recordsOf } from './upstream-logs.fixture.ts';

const startAt = Date.UTC(2026, 0, 1);

/** Lengths around the borders of what containerd reads and keeps, and texts of the bytes that matter. */
const bytes = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom('\n', '\r', '\r\n', '\r\r\n', '\0', '').map((text) => Buffer.from(text)) },
  fc.uint8Array({ maxLength: 40 }).map((drawn) => Buffer.from(drawn)),
  fc
    .tuple(fc.constantFrom(4096, 8192, 12_288, 16_384, 20_480, 32_768), fc.integer({ min: -2, max: 2 }))
    .map(([border, offset]) => Buffer.alloc(border + offset, 'x')),
);
const outputs: fc.Arbitrary<Output[]> = fc.array(
  fc.record({ stream: fc.constantFrom('stdout' as const, 'stdout' as const, 'stderr' as const), bytes }),
  { maxLength: 14 },
);

/** As the node has them; the file is split by us: every record's head has the same length. */
async function written(drawn: readonly Output[], stepsMs: readonly number[]) {
  const simulation = new Simulation({ seed: 1, startAt });
  const world = simulation.process('node');
  const log = new ContainerLog(world, '/logs/0.log', kubeletRotation);
  for (const [index, { stream, bytes: chunk }] of drawn.entries()) {
    await simulation.run(log.write(stream, chunk));
    await simulation.advance(stepsMs[index % stepsMs.length] ?? 0);
  }
  await simulation.run(log.close());
  const isThere = (await simulation.run(world.files.status('/logs/0.log'))) !== undefined;
  const file = isThere
    ? await simulation.run(world.files.read('/logs/0.log', 0, log.presentFile.sizeBytes))
    : Buffer.alloc(0);
  return { simulation, log, records: split(file) };
}

function split(file: Buffer): (CriRecord & { time: string })[] {
  const records = [];
  for (let at = 0; at < file.length; ) {
    const end = file.indexOf(0x0a, at + headBytes);
    records.push({
      time: file.toString('latin1', at, at + timestampBytes),
      stream: file.toString('latin1', at + timestampBytes + 1, at + tagOffset - 1) as Output['stream'],
      tag: file.toString('latin1', at + tagOffset, at + tagOffset + 1) as 'P' | 'F',
      content: file.subarray(at + headBytes, end),
    });
    at = end + 1;
  }
  return records;
}

test('the records are those that containerd writes, one by one, however the output was cut', async () => {
  await fc.assert(
    fc.asyncProperty(outputs, async (drawn) => {
      const { records } = await written(drawn, [0]);
      const plain = records.map(({ stream, tag, content }) => ({ stream, tag, content: content.toString('latin1') }));
      const expected = await recordsOf(drawn);
      expect(plain).toEqual(expected.map((record) => ({ ...record, content: record.content.toString('latin1') })));
    }),
    { numRuns: 300 },
  );
});

test('the log API prints what a kubelet prints, whatever is asked for', async () => {
  const options = fc.record(
    {
      tailLines: fc.nat(8),
      limitBytes: fc.integer({ min: 1, max: 40_000 }),
      sinceMs: fc.nat(9000),
      timestamps: fc.boolean(),
    },
    { requiredKeys: [] },
  );
  await fc.assert(
    fc.asyncProperty(
      outputs,
      fc.array(fc.nat(2000), { minLength: 1, maxLength: 4 }),
      options,
      async (drawn, steps, asked) => {
        const { simulation, log, records } = await written(drawn, steps);
        const { sinceMs, ...rest } = asked;
        const since =
          sinceMs === undefined ? {} : { since: `${new Date(startAt + sinceMs).toISOString().slice(0, -1)}000000Z` };
        const chunks: Buffer[] = [];
        const reading = async () => {
          for await (const chunk of readLog(log, { ...rest, ...since })) chunks.push(chunk);
        };
        await simulation.run(reading());
        expect(Buffer.concat(chunks).toString('latin1')).toBe(
          printed(records, { ...rest, ...since }).toString('latin1'),
        );
      },
    ),
    { numRuns: 200 },
  );
});
