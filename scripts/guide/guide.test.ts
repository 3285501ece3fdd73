/** docs/clients.md works as it stands there: its commands are run against `orrery up`, in which time passes faster. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { packageFolder } from '../../harness/package.ts';
import { RunningUp } from '../../harness/up/running-up.fixture.ts';
import { scriptOf } from './blocks.ts';

const DEADLINE_MS = 110_000;

let up: RunningUp;
let folder: string;
beforeAll(async () => {
  up = await RunningUp.start(['--speed', '10']);
  folder = mkdtempSync(join(tmpdir(), 'orrery-guide-'));
  symlinkSync(up.readyFile, join(folder, 'ready.json'));
});
afterAll(async () => {
  await up?.stop();
  rmSync(folder, { recursive: true, force: true });
});

test('the guide by curl, with jq and python3', async () => {
  const page = readFileSync(join(packageFolder, 'docs', 'clients.md'), 'utf8');
  // `npx orrery` is this checkout's.
  const script = scriptOf(page).replaceAll(
    'npx orrery',
    `"${process.execPath}" "${packageFolder}/harness/cli/main.ts"`,
  );
  const { code, output } = await ran(script);
  expect(code, output).toBe(0);
  expect(output).toContain('Successfully paused task "proj1-hubble-minutely"');
  expect(output).toContain('Received: hello');
});

test('the script is the guide’s blocks of sh, and nothing else', () => {
  expect(scriptOf('a\n```sh\none\n```\nb\n```console\n$ no\n```\n```sh\ntwo\n```\n')).toBe('set -eu\none\n\ntwo\n');
});

function ran(script: string): Promise<{ code: number | null; output: string }> {
  const child = spawn('sh', ['-x'], { cwd: folder, signal: AbortSignal.timeout(DEADLINE_MS) });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (bytes) => {
      output += bytes;
    });
  }
  child.stdin.end(script);
  return new Promise((resolve) => {
    child.on('error', (error) => resolve({ code: null, output: `${output}\n${error}` }));
    child.on('close', (code) => resolve({ code, output }));
  });
}
