/** The guides work as they stand there: their commands are run against `orrery up`, in which time passes faster. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { packageFolder } from '../../harness/package.ts';
import { RunningUp } from '../../harness/up/running-up.fixture.ts';
import { isPrinted, outputsOf, scriptOf, stepsOf } from './blocks.ts';

const deadlineMs = 110_000;

let up: RunningUp;
let folder: string;
beforeEach(async () => {
  up = await RunningUp.start(['--speed', '10']);
  folder = mkdtempSync(join(tmpdir(), 'orrery-guide-'));
  symlinkSync(up.readyFile, join(folder, 'ready.json'));
});
afterEach(async () => {
  await up?.stop();
  rmSync(folder, { recursive: true, force: true });
});

test.each(['docs/clients.md', 'docs/guides/first-agent.md'])('%s', async (file) => {
  const steps = stepsOf(readFileSync(join(packageFolder, file), 'utf8'));
  const { code, output, told } = await ran(scriptOf(steps));
  expect(code, `${output}\n${told}`).toBe(0);
  const outputs = outputsOf(output);
  for (const [index, { commands, printed }] of steps.entries()) {
    const actual = outputs[index] ?? '';
    if (printed !== undefined && !isPrinted(printed, actual)) expect(actual, commands).toBe(printed);
  }
  expect(outputs).toHaveLength(steps.length);
});

/** With `npx orrery` and `npx fabric` of this checkout, for a user who has a home of his own. */
function ran(script: string): Promise<{ code: number | null; output: string; told: string }> {
  const own = (program: string) => `"${process.execPath}" "${packageFolder}/${program}/cli/main.ts"`;
  const text = script.replaceAll('npx orrery', own('harness')).replaceAll('npx fabric', own('fabric'));
  const env = { ...process.env, HOME: folder };
  const child = spawn('sh', ['-x'], { cwd: folder, env, signal: AbortSignal.timeout(deadlineMs) });
  let [output, told] = ['', ''];
  child.stdout.on('data', (bytes) => {
    output += bytes;
  });
  child.stderr.on('data', (bytes) => {
    told += bytes;
  });
  child.stdin.end(text);
  return new Promise((resolve) => {
    child.on('error', (error) => resolve({ code: null, output, told: `${told}\n${error}` }));
    child.on('close', (code) => resolve({ code, output, told }));
  });
}
