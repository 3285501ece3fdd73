import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import type { ProgramContext } from '../../simulator/node/runtimes/programs/program.ts';
import type { JobHistory } from '../recording/recording.ts';
import { RunText } from './run-text.ts';
import { Outputs } from './sim/outputs.ts';

function factsOf(text: string) {
  return { bytes: Buffer.byteLength(text), sha256: createHash('sha256').update(text).digest('hex') };
}

test('each attempt begins on a line of its own', () => {
  const text = new RunText();
  text.add('1', Buffer.from('no line feed'));
  text.add('2', Buffer.alloc(0));
  text.add('3', Buffer.from('one\n'));
  text.add('4', Buffer.from('two'));
  const before = text.copy();
  text.add('4', Buffer.from(' words'));
  expect(before.facts).toEqual(factsOf('no line feed\none\ntwo'));
  expect(text.facts).toEqual(factsOf('no line feed\none\ntwo words'));
});

test('what a program writes is what its node prints: CR LF, half lines of both streams, a rest', async () => {
  const outputs = new Outputs();
  const program = outputs.counted(async ({ write }) => {
    await write('half');
    await write('error\r\n', 'stderr');
    await write(' line\n');
    await write('rest');
    return 0;
  });
  for (const uid of ['a', 'b']) {
    const pod = { uid, labels: { 'batch.kubernetes.io/controller-uid': 'j' } };
    await program({ pod, write: async () => {} } as unknown as ProgramContext);
  }
  expect(outputs.of({ uid: 'j' } as JobHistory)).toEqual(factsOf('error\nhalf line\nrest\nerror\nhalf line\nrest'));
});
