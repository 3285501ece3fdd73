/** Quotas over a folder, over HTTP, and as they are written on a command line; a disk that is full. */
import { expect, it } from 'vitest';
import { Simulation } from '../../../world/simulated/simulation.ts';
import { openFolderBlobs } from '../blobs/folder/folder.ts';
import { base, bench, inPieces } from '../content.fixture.ts';
import { fullWorld } from '../dying-disk.fixture.ts';
import { startContent } from '../server.ts';
import { describeQuotas } from './contract.ts';
import { parseQuotas } from './parse.ts';

describeQuotas('a folder', async () => {
  const simulation = new Simulation({ seed: 7, startAt: Date.UTC(2026, 0, 1) });
  const world = simulation.process('content');
  const blobs = await simulation.run(openFolderBlobs({ world, folder: '/content' }));
  return {
    blobs,
    world,
    run: (answer) => simulation.run(answer),
    advance: (durationMs) => simulation.advance(durationMs),
  };
});

it('an upload beyond the quota is a 507 that says what to do, by a form as well', async () => {
  const { ask, keys } = await bench({ quotas: { allBytes: 10 } });
  expect((await ask(`${base}/a`, 'POST', {}, '0123456')).status).toBe(200);
  const refused = await ask(`${base}/b`, 'POST', {}, inPieces(Buffer.alloc(100_000), 1_000));
  expect([refused.status, JSON.parse(refused.text).message]).toEqual([507, expect.stringContaining('quota exceeded')]);
  const form =
    '--b\r\ncontent-disposition: form-data; name="key"\r\n\r\nb\r\n--b\r\n' +
    'content-disposition: form-data; name="content"\r\n\r\n0123\r\n--b--\r\n';
  const posted = await ask(base, 'POST', { 'content-type': 'multipart/form-data; boundary=b' }, form);
  expect([posted.status, await keys()]).toEqual([507, ['a']]);
});

it('an upload to a full disk is a 507 and leaves nothing; what was there stays, and there is room again after a deletion', async () => {
  const simulation = new Simulation({ seed: 7, startAt: Date.UTC(2026, 0, 1) });
  const process = simulation.process('content');
  let isFull = false;
  const world = fullWorld(process, () => isFull);
  const blobs = await simulation.run(openFolderBlobs({ world, folder: '/content' }));
  await simulation.run(startContent({ world, address: 'content:80', blobs }));
  const { network } = simulation.process('client');
  const ask = async (key: string, method: string, body?: string) => {
    const answer = await network.fetch(`http://content${base}/${key}`, { method, body });
    return { status: answer.status, text: await answer.text() };
  };
  await simulation.run(ask('k', 'POST', 'before'));
  isFull = true;
  for (const key of ['k', 'fresh']) {
    const { status, text } = await simulation.run(ask(key, 'POST', 'x'.repeat(300_000)));
    expect([status, JSON.parse(text)]).toEqual([507, expect.objectContaining({ success: false, reason: 'disk-full' })]);
  }
  expect((await simulation.run(ask('k', 'GET'))).text).toBe('before');
  expect((await simulation.run(ask('fresh', 'GET'))).status).toBe(404);
  expect(await simulation.run(process.files.list('/content/drafts'))).toEqual([]);
  expect((await simulation.run(ask('k', 'DELETE'))).status).toBe(200);
  isFull = false;
  expect((await simulation.run(ask('fresh', 'POST', 'x'))).status).toBe(200);
});

it.each([
  ['1000', 1_000, []],
  ['10GB', 10e9, []],
  ['1.5 MiB', 1_572_864, []],
  [
    '10GB,p=500MB,q=0',
    10e9,
    [
      ['p', 500e6],
      ['q', 0],
    ],
  ],
  ['p=1kb', undefined, [['p', 1_000]]],
])('%s is written for quotas', (text, allBytes, byProject) => {
  const quotas = parseQuotas(text);
  expect([quotas?.allBytes, [...(quotas?.bytesByProject ?? [])]]).toEqual([allBytes, byProject]);
});

it.each(['', 'x', '-1', '10XB', '1GB,2GB', 'p=', '=1GB', 'p=1=2', '1e9'])('%s is not', (text) => {
  expect(parseQuotas(text)).toBeUndefined();
});
