/**
 * However `orrery up` was started, it ends with whoever started it, with all that it has started; `--detach` is the
 * exception.
 */
import { mkdirSync } from 'node:fs';
import { afterEach, describe, expect, test } from 'vitest';
import { bin, StartedUp } from './starting.fixture.ts';

let up: StartedUp | undefined;
let pid: number | undefined;
afterEach(async () => {
  await up?.remove(pid);
  up = undefined;
  pid = undefined;
});

const direct = [process.execPath, bin, 'up'];
/** A shell that stays between, as some do even for one command. */
const shell = ['sh', '-c', `"$0" "$@"; exit $?`, ...direct];

describe('the end of who started it', () => {
  test.each<[string, readonly string[], NodeJS.Signals]>([
    ['npx, SIGTERM', ['npx', 'orrery', 'up'], 'SIGTERM'],
    ['npx, SIGKILL', ['npx', 'orrery', 'up'], 'SIGKILL'],
    ['a shell, SIGKILL', shell, 'SIGKILL'],
    ['a shell in a shell, SIGTERM', ['sh', '-c', `"$0" "$@"; exit $?`, ...shell], 'SIGTERM'],
  ])('is the end of all: %s', async (_how, command, signal) => {
    up = new StartedUp(command);
    pid = (await up.ready()).pid;
    up.child.kill(signal);
    expect(await up.leftAfter(pid)).toEqual([]);
  });

  test('by a signal of its own is clean, whichever it is', async () => {
    for (const signal of ['SIGTERM', 'SIGHUP'] as const) {
      const one = new StartedUp(direct);
      up = one;
      pid = (await one.ready()).pid;
      one.child.kill(signal);
      expect(await one.exited()).toBe(0);
      expect(await one.leftAfter(pid)).toEqual([]);
      await one.remove();
    }
  });
});

test('a signal during the start is heeded', async () => {
  up = new StartedUp(direct);
  await up.starting();
  up.child.kill('SIGTERM');
  expect(await up.exited()).toBe(0);
  expect(await up.leftAfter(up.child.pid as number)).toEqual([]);
});

test('--detach: it outlives who started it, and ends by POST /stop', async () => {
  up = new StartedUp(direct, ['--detach']);
  expect(await up.exited(), up.output).toBe(0);
  const { control, pid: own } = await up.ready();
  pid = own;
  expect(up.output).toContain(`pid ${own}`);
  expect(own).not.toBe(up.child.pid);
  expect((await fetch(`${control.url}/clock`)).status).toBe(200);
  const answer = await fetch(`${control.url}/stop`, { method: 'POST' });
  expect(await answer.json()).toEqual({ success: true });
  expect(await up.leftAfter(own)).toEqual([]);
});

test('a failure of the one in the background is told by the one that started it', async () => {
  up = new StartedUp(direct, ['--detach', '--store', 'nonsense']);
  expect(await up.exited()).toBe(2);
  expect(up.output).toBe('orrery: --store: write mongodb://host:port/database, not nonsense\n');
  expect(await up.leftAfter(up.child.pid as number)).toEqual([]);
});

test('POST /stop ends one in the foreground as Ctrl-C does', async () => {
  up = new StartedUp(direct);
  const { control, pid: own } = await up.ready();
  expect((await fetch(`${control.url}/stop`, { method: 'POST' })).status).toBe(200);
  expect(await up.exited()).toBe(0);
  expect(await up.leftAfter(own)).toEqual([]);
});

describe('what fails after something has started takes all of it down', () => {
  test('a ready file that can be written no more', async () => {
    up = new StartedUp(direct);
    await up.starting();
    mkdirSync(up.readyFile);
    expect(await up.exited()).toBe(2);
    expect(up.output).toMatch(/--ready-file .* cannot be written: it is a folder/);
    expect(await up.leftAfter(up.child.pid as number)).toEqual(['ready file']);
  });

  test('a namespace that the cluster refuses', async () => {
    up = new StartedUp(direct, ['--namespace', 'Not_A_Name']);
    expect(await up.exited()).toBe(2);
    expect(up.output).toContain('Not_A_Name');
    expect(await up.leftAfter(up.child.pid as number)).toEqual([]);
  });
});

test('a reader that has gone costs nothing: it ends as ever', async () => {
  // What it prints at its end finds nobody.
  up = new StartedUp(['sh', '-c', `"$0" "$@" | head -1`, ...direct]);
  const { control, pid: own } = await up.ready();
  pid = own;
  expect((await fetch(`${control.url}/stop`, { method: 'POST' })).status).toBe(200);
  expect(await up.exited()).toBe(0);
  expect(up.output).toBe('Fabric is up, in real time; recorded, not replayable.\n');
  expect(await up.leftAfter(own)).toEqual([]);
});
