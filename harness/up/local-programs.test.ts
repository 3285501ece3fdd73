/** Local commands as pods of `orrery up`: reached, ended with their pods, and with the whole. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Kubectl, program } from './kubectl.fixture.ts';
import { RunningUp } from './running-up.fixture.ts';

/** Starts a child of its own, tells both ids, and does not listen to SIGTERM. */
const stubborn = `
process.on('SIGTERM', () => {});
const child = require('node:child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
setInterval(() => {}, 1000);
console.log(process.pid, child.pid);`;

function runs(id: number): boolean {
  try {
    process.kill(id, 0);
    return true;
  } catch {
    return false;
  }
}

/** An orphan is there for a moment more, until the system has taken note of its end. */
async function allGone(ids: readonly number[]): Promise<void> {
  await expect.poll(() => ids.map(runs), { timeout: 5000 }).toEqual(ids.map(() => false));
}

describe.runIf(program)('a local command', () => {
  let folder: string;
  let up: RunningUp;
  let kubectl: Kubectl;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'orrery-images-'));
    const images = join(folder, 'images.json');
    writeFileSync(images, JSON.stringify({ 'my/stubborn': { command: [process.execPath, '-e', stubborn] } }));
    up = await RunningUp.start(['--images', images]);
    kubectl = new Kubectl(up);
  });
  afterAll(async () => {
    await up?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Creates the pod; the ids of its program and of that one's child. */
  async function start(name: string, terminationGracePeriodSeconds: number): Promise<number[]> {
    const containers = [{ name: 'main', image: 'my/stubborn' }];
    const spec = { restartPolicy: 'Never', terminationGracePeriodSeconds, containers };
    await kubectl.create({ apiVersion: 'v1', kind: 'Pod', metadata: { name }, spec });
    await kubectl.run(['wait', `pod/${name}`, '--for', 'condition=Ready', '--timeout', '30s']);
    const following = kubectl.start(['logs', '-f', name]);
    const ids = (await following.shows(/^\d+ \d+\n/)).trim().split(' ').map(Number);
    following.stop();
    return ids;
  }

  test('ends with its pod after the grace, its children too, and time cannot be hurried meanwhile', async () => {
    const ids = await start('deleted', 1);
    expect(ids.map(runs)).toEqual([true, true]);
    expect(await kubectl.advance('1h')).toBe(409);
    expect(await kubectl.run(['delete', 'pod', 'deleted'])).toMatchObject({ code: 0 });
    await allGone(ids);
  });

  test('ends with Ctrl-C, whatever its grace', async () => {
    const ids = await start('interrupted', 3600);
    expect(ids.map(runs)).toEqual([true, true]);
    expect(await up.interrupt()).toBe(0);
    await allGone(ids);
  });
});
