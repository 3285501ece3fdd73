import { describe, expect, test } from 'vitest';
import type { Files } from '../../../world/files.ts';
import { Simulation } from '../../../world/simulated/simulation.ts';
import { ContainerLog, kubeletRotation, type LogRotation } from './container-log.ts';
import { type ReadLogOptions, readLog } from './read-log.ts';
import { RecordDecoder, timestampOf } from './record-decoder.ts';
import { RecordEncoder } from './record-encoder.ts';

const startAt = Date.UTC(2026, 0, 1);
const kibibyte = 1024;

function setUp(rotation: Partial<LogRotation> = {}) {
  const simulation = new Simulation({ seed: 1, startAt });
  const world = simulation.process('node');
  const log = new ContainerLog(world, '/logs/0.log', { ...kubeletRotation, ...rotation });
  return {
    simulation,
    world,
    log,
    write: (text: string, stream: 'stdout' | 'stderr' = 'stdout') =>
      simulation.run(log.write(stream, Buffer.from(text))),
    read: (options: ReadLogOptions = {}) => simulation.run(read(log, options)),
  };
}

async function read(log: ContainerLog, options: ReadLogOptions): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of readLog(log, options)) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

/** Lines of that many bytes in all, each numbered. */
function block(bytes: number, from = 0): string {
  const lines = Math.ceil(bytes / 64);
  return Array.from({ length: lines }, (_, index) => `line ${String(from + index).padStart(57, '0')}x\n`).join('');
}

describe('records', () => {
  test('are in the CRI format, stdout and stderr as they came, timestamps growing', () => {
    const encoder = new RecordEncoder();
    const text = [
      encoder.encode(Buffer.from('one\ntw'), 'stdout', startAt),
      encoder.encode(Buffer.from('bad\n'), 'stderr', startAt + 5),
      encoder.encode(Buffer.from('o\n'), 'stdout', startAt + 5),
    ].join('');
    expect(text).toBe(
      '2026-01-01T00:00:00.000000000Z stdout F one\n' +
        '2026-01-01T00:00:00.005000000Z stderr F bad\n' +
        '2026-01-01T00:00:00.005000001Z stdout F two\n',
    );
  });

  test('of a line above 16 KiB are parts, and its timestamp stands once', () => {
    const encoder = new RecordEncoder();
    const records = encoder.encode(Buffer.from(`${'x'.repeat(40_000)}\n`), 'stdout', startAt);
    expect(records.toString().match(/ stdout P /g)).toHaveLength(2);
    const output = new RecordDecoder({ timestamps: true }).decode(records).toString();
    expect(output).toBe(`2026-01-01T00:00:00.000000000Z ${'x'.repeat(40_000)}\n`);
  });
});

describe('reading', () => {
  test('takes the last lines, across chunks of the file', async () => {
    const { write, read } = setUp();
    const text = block(600 * kibibyte);
    await write(text);
    const lines = text.trimEnd().split('\n');
    for (const count of [0, 1, 5, 7000, lines.length, lines.length + 5]) {
      const expected = count === 0 ? '' : lines.slice(-count).join('\n') + '\n';
      expect(await read({ tailLines: count })).toBe(expected);
    }
  });

  test('since an instant, then the last of these, then as many bytes as asked for', async () => {
    const { simulation, write, read } = setUp();
    for (let second = 0; second < 10; second += 1) {
      await write(`line ${second}\n`);
      await simulation.advance(1000);
    }
    expect(await read({ since: timestampOf(startAt + 7000) })).toBe('line 7\nline 8\nline 9\n');
    expect(await read({ since: timestampOf(startAt + 7000), tailLines: 2 })).toBe('line 8\nline 9\n');
    expect(await read({ since: timestampOf(startAt + 7000), tailLines: 5, limitBytes: 10 })).toBe('line 7\nlin');
    expect(await read({ since: timestampOf(startAt + 9000), timestamps: true })).toBe(
      '2026-01-01T00:00:09.000000000Z line 9\n',
    );
  });

  test('since a fraction of a millisecond tells lines of one instant apart', async () => {
    const { write, read } = setUp();
    await write('a\nb\nc\n');
    expect(await read({ since: timestampOf(startAt, 1) })).toBe('b\nc\n');
    expect(timestampOf(startAt, 500_000)).toBe('2026-01-01T00:00:00.000500000Z');
  });

  test('with follow goes on as it is written and ends with the container', async () => {
    const { simulation, log, write } = setUp();
    await write('one\n');
    const reading = read(log, { follow: true });
    await simulation.advance(3_600_000);
    await write('two\n');
    await write('three');
    await simulation.run(log.close());
    expect(await simulation.run(reading)).toBe('one\ntwo\nthree');
  });

  test('with follow ends when its reader goes', async () => {
    const { simulation, log, write } = setUp();
    await write('one\n');
    const controller = new AbortController();
    const reading = read(log, { follow: true, signal: controller.signal });
    await simulation.advance(1000);
    controller.abort();
    expect(await simulation.run(reading)).toBe('one\n');
  });
});

describe('rotation', () => {
  test('happens when the size is looked at, every ten seconds, and the log API serves the new file only', async () => {
    const { simulation, world, write, read } = setUp({ maximumFileBytes: 10 * kibibyte });
    await simulation.advance(1000);
    await write(block(50 * kibibyte));
    expect((await read()).length).toBe(50 * kibibyte);
    await simulation.advance(8_900);
    expect((await read()).length).toBe(50 * kibibyte);
    await simulation.advance(200);
    expect(await read()).toBe('');
    await write('after\n');
    expect(await read({ tailLines: 10 })).toBe('after\n');
    expect(await simulation.run(world.files.list('/logs'))).toEqual(['0.log', '0.log.20260101-000010-0']);
  });

  test('is done once, however many writes wait before it, and never to a file that is small', async () => {
    const simulation = new Simulation({ seed: 1, startAt });
    const node = simulation.process('node');
    const { files } = node;
    // A slow disk: writes wait behind one another over the look at the sizes.
    const append = async (path: string) => {
      const appender = await files.append(path);
      const write = async (bytes: Uint8Array) => {
        await node.clock.sleep(6_000);
        await appender.write(bytes);
      };
      return { write, close: () => appender.close() };
    };
    const world = { ...node, files: { ...bound(files), append } };
    const log = new ContainerLog(world, '/logs/0.log', { ...kubeletRotation, maximumFileBytes: 10 * kibibyte });
    const first = log.write('stdout', Buffer.from(block(20 * kibibyte)));
    for (let round = 0; round < 3; round += 1) void log.write('stdout', Buffer.from(block(kibibyte)));
    await simulation.run(first);
    await simulation.advance(60_000);
    expect(log.presentFile.number).toBe(1);
  });

  test('keeps so many files and no more', async () => {
    const { simulation, world, write } = setUp({ maximumFileBytes: kibibyte, maximumFiles: 3, checkIntervalMs: 0 });
    for (let round = 0; round < 9; round += 1) await write(block(2 * kibibyte));
    expect(await simulation.run(world.files.list('/logs'))).toHaveLength(3);
  });

  test('a follower that keeps up loses nothing', async () => {
    const { simulation, log, write } = setUp({ maximumFileBytes: 10 * kibibyte });
    const reading = read(log, { follow: true });
    let written = '';
    for (let round = 0; round < 20; round += 1) {
      const text = block(20 * kibibyte, round * 1000);
      written += text;
      await write(text);
      await simulation.advance(7_000);
    }
    await simulation.run(log.close());
    expect(await simulation.run(reading)).toBe(written);
  });

  test('a follower that is slow reads its file to the end, then the present one: what lies between is lost, silently', async () => {
    const { simulation, log, write } = setUp({ maximumFileBytes: 300 * kibibyte, checkIntervalMs: 0, maximumFiles: 2 });
    const first = block(400 * kibibyte);
    await write(block(100 * kibibyte));
    const reader = readLog(log, { follow: true });
    const head = await simulation.run(reader.next());
    await write(first);
    for (let round = 1; round <= 5; round += 1) await write(block(400 * kibibyte, 100_000 * round));
    await write('last\n');
    await simulation.run(log.close());
    let rest = (head.value as Buffer).toString();
    for await (const chunk of { [Symbol.asyncIterator]: () => reader }) rest += chunk.toString();
    expect(rest).toBe(`${block(100 * kibibyte)}${first}last\n`);
  });
});

test('a file that is put aside while it is read is read on', async () => {
  const simulation = new Simulation({ seed: 1, startAt });
  const node = simulation.process('node');
  const { files } = node;
  const rename = async (from: string, to: string) => {
    await node.clock.sleep(100);
    await files.rename(from, to);
    await node.clock.sleep(100);
  };
  const world = { ...node, files: { ...bound(files), rename } };
  const log = new ContainerLog(world, '/logs/0.log', {
    ...kubeletRotation,
    maximumFileBytes: kibibyte,
    checkIntervalMs: 0,
  });
  const text = block(600 * kibibyte);
  const writing = log.write('stdout', Buffer.from(text));
  const size = async () => {
    while (log.presentFile.sizeBytes === 0) await log.changed();
    return read(log, {});
  };
  expect(await simulation.run(size())).toBe(text);
  await simulation.run(writing);
  expect(log.presentFile).toEqual({ number: 1, sizeBytes: 0 });
});

function bound(files: Files): Files {
  return {
    read: (path, start, end) => files.read(path, start, end),
    readStream: (path, start, end) => files.readStream(path, start, end),
    write: (path, bytes) => files.write(path, bytes),
    append: (path) => files.append(path),
    status: (path) => files.status(path),
    list: (folder) => files.list(folder),
    makeFolder: (path) => files.makeFolder(path),
    rename: (from, to) => files.rename(from, to),
    remove: (path) => files.remove(path),
    sync: (path) => files.sync(path),
    lock: (path, holder) => files.lock(path, holder),
  };
}
