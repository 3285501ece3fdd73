/** Managed content over HTTP, as the existing clients use it (contract 3.11). */
import { describe, expect, it } from 'vitest';
import { Simulation } from '../../world/simulated/simulation.ts';
import { openFolderBlobs } from './blobs/folder/folder.ts';
import { startContent } from './server.ts';

const base = '/fabric/v4/projects/p/content';

async function bench(ttlSecondsByPrefix: Record<string, number> = {}) {
  const simulation = new Simulation({ seed: 7, startAt: Date.UTC(2026, 0, 1) });
  const world = simulation.process('content');
  const blobs = await simulation.run(openFolderBlobs({ world, folder: '/content' }));
  await simulation.run(startContent({ world, address: 'content:80', blobs, ttlSecondsByPrefix }));
  const { network } = simulation.process('client');
  const ask = (
    path: string,
    method = 'GET',
    headers: Record<string, string> = {},
    body?: string | AsyncIterable<Buffer>,
  ) => {
    const asked = async () => {
      const sent = body === undefined ? {} : { body, duplex: 'half' as const };
      const answer = await network.fetch(`http://content${path}`, { method, headers, ...sent });
      return { status: answer.status, headers: answer.headers, text: await answer.text() };
    };
    return simulation.run(asked());
  };
  const keys = async () => JSON.parse((await ask(base)).text).map(({ Key }: { Key: string }) => Key);
  return { simulation, world, ask, keys };
}

describe('uploads', () => {
  it('of a stream without a length keep bytes and type, and the default type without one', async () => {
    const { ask } = await bench();
    const chunks = async function* () {
      for (let index = 0; index < 100; index++) yield Buffer.from(`chunk ${index}\n`);
    };
    const stored = await ask(`${base}/a/b`, 'POST', { 'content-type': 'application/x-jsonlines' }, chunks());
    expect(JSON.parse(stored.text)).toMatchObject({ success: true, key: 'a/b' });
    const { text, headers } = await ask(`${base}/a/b`);
    expect(text.split('\n')).toHaveLength(101);
    expect(headers.get('content-type')).toBe('application/x-jsonlines');
    expect(headers.get('content-encoding')).toBeNull();
  });

  it('of a form take key and content, whatever the chunks and however much the content looks like a delimiter', async () => {
    const content = 'line\r\n--boundar\r\n--boundaryless--\r\n\r\nend\r\n';
    const form =
      'preamble\r\n--boundary-x\r\nContent-Disposition: form-data; name="key"\r\n\r\nforms/été.txt\r\n' +
      '--boundary-x\r\nContent-Disposition: form-data; name="content"; filename="f.txt"\r\nContent-Type: text/special\r\n\r\n' +
      `${content}\r\n--boundary-x--\r\n`;
    for (const size of [1, 2, 7, 1000]) {
      const { ask } = await bench();
      const bytes = Buffer.from(form);
      const chunks = async function* () {
        for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size);
      };
      const headers = { 'content-type': 'multipart/form-data; boundary="boundary-x"' };
      expect(JSON.parse((await ask(base, 'POST', headers, chunks())).text)).toMatchObject({
        success: true,
        key: 'forms/été.txt',
      });
      const stored = await ask(`${base}/forms/%C3%A9t%C3%A9.txt`);
      expect([stored.text, stored.headers.get('content-type')]).toEqual([content, 'text/special']);
    }
  });

  it('that are no form, or half a form, are refused and leave nothing', async () => {
    const { ask, keys } = await bench();
    const headers = { 'content-type': 'multipart/form-data; boundary=b' };
    const part = '--b\r\nContent-Disposition: form-data; name="content"\r\n\r\nx';
    const key = '--b\r\nContent-Disposition: form-data; name="key"\r\n\r\nk\r\n';
    for (const body of ['', 'nothing', key, part, `${key}${part}`])
      expect((await ask(base, 'POST', headers, body)).status).toBe(400);
    expect((await ask(base, 'POST', { 'content-type': 'text/plain' }, 'x')).status).toBe(400);
    expect((await ask(`${base}/`, 'POST', {}, 'x')).status).toBe(400);
    expect(await keys()).toEqual([]);
  });
});

describe('downloads', () => {
  it('answer ranges and conditions', async () => {
    const { ask } = await bench();
    await ask(`${base}/k`, 'POST', {}, '0123456789');
    const { headers } = await ask(`${base}/k`);
    const etag = headers.get('etag') ?? '';
    const get = async (asked: Record<string, string>) => {
      const { status, text, headers: head } = await ask(`${base}/k`, 'GET', asked);
      return [status, status === 416 ? '' : text, head.get('content-range')];
    };
    expect(await get({ range: 'bytes=3-' })).toEqual([206, '3456789', 'bytes 3-9/10']);
    expect(await get({ range: 'bytes=-3' })).toEqual([206, '789', 'bytes 7-9/10']);
    expect(await get({ range: 'bytes=8-99' })).toEqual([206, '89', 'bytes 8-9/10']);
    expect(await get({ range: 'bytes=5-3' })).toEqual([200, '0123456789', null]);
    expect(await get({ range: 'bytes=10-' })).toEqual([416, '', null]);
    expect(await get({ range: 'bytes=3-', 'if-range': '"other"' })).toEqual([200, '0123456789', null]);
    expect(await get({ 'if-none-match': etag })).toEqual([304, '', null]);
    await ask(`${base}/k`, 'POST', {}, 'changed');
    expect(await get({ 'if-none-match': etag })).toEqual([200, 'changed', null]);
  });

  it('of what is not there are 404 with a JSON body; so are HEAD and DELETE', async () => {
    const { ask } = await bench();
    const absent = await ask(`${base}/none`);
    expect([absent.status, JSON.parse(absent.text).success]).toEqual([404, false]);
    expect((await ask(`${base}/none`, 'HEAD')).status).toBe(404);
    expect((await ask(`${base}/none`, 'DELETE')).status).toBe(404);
  });
});

describe('projects and time', () => {
  it('keep projects apart, also where one name begins the other', async () => {
    const { ask } = await bench();
    await ask('/fabric/v4/projects/p/content/k', 'POST', {}, 'of p');
    await ask('/fabric/v4/projects/p2/content/k', 'POST', {}, 'of p2');
    const list = await ask('/fabric/v4/projects/p/content');
    expect(JSON.parse(list.text)).toHaveLength(1);
    expect((await ask('/fabric/v4/projects/p%2F..%2Fp2/content/k')).status).toBe(400);
  });

  it('remove objects after their time: of the header, else of the longest prefix, else never', async () => {
    const { simulation, world, ask, keys } = await bench({ 'tmp/': 3600, 'tmp/short/': 60 });
    await ask(`${base}/tmp/hour`, 'POST', {}, 'x');
    await ask(`${base}/tmp/short/minute`, 'POST', {}, 'x');
    await ask(`${base}/tmp/short/day`, 'POST', { 'x-content-ttl': '86400' }, 'x');
    await ask(`${base}/kept`, 'POST', {}, 'x');
    expect((await ask(`${base}/bad`, 'POST', { 'x-content-ttl': 'soon' }, 'x')).status).toBe(400);
    await simulation.advance(120_000);
    expect(await keys()).toEqual(['kept', 'tmp/hour', 'tmp/short/day']);
    await simulation.advance(3_600_000);
    expect(await keys()).toEqual(['kept', 'tmp/short/day']);
    await simulation.advance(86_400_000);
    expect(await keys()).toEqual(['kept']);
    expect(await simulation.run(world.files.list('/content/data'))).toHaveLength(1);
  });
});
