/** Downloads over HTTP: ranges, conditions, checksums (RFC 9110, RFC 9530). */
import { describe, expect, it } from 'vitest';
import { base, bench } from '../content.fixture.ts';

const sha256 = 'sha-256=:hNiYd/DUBB77a/kaFvAkjy/Vc+avBcGflr7bn4gveII=:';
const day = 'Thu, 01 Jan 2026 00:00:00 GMT';

describe('a download', () => {
  it('answers the ranges of RFC 9110: first and last, open, suffix; several or none that can be read give the whole', async () => {
    const { ask } = await bench();
    await ask(`${base}/k`, 'POST', {}, '0123456789');
    const get = async (range: string) => {
      const { status, text, headers } = await ask(`${base}/k`, 'GET', { range });
      return [status, status === 416 ? '' : text, headers.get('content-range')];
    };
    expect(await get('bytes=2-4')).toEqual([206, '234', 'bytes 2-4/10']);
    expect(await get('bytes=0-0')).toEqual([206, '0', 'bytes 0-0/10']);
    expect(await get('bytes=3-')).toEqual([206, '3456789', 'bytes 3-9/10']);
    expect(await get('bytes=-3')).toEqual([206, '789', 'bytes 7-9/10']);
    expect(await get('bytes=-99')).toEqual([206, '0123456789', 'bytes 0-9/10']);
    expect(await get('bytes=8-99')).toEqual([206, '89', 'bytes 8-9/10']);
    expect(await get('Bytes=8-9')).toEqual([206, '89', 'bytes 8-9/10']);
    for (const whole of ['bytes=5-3', 'bytes=0-1,4-5', 'bytes=', 'bytes=-', 'bytes=x-1', 'lines=0-1', '0-1']) {
      expect(await get(whole)).toEqual([200, '0123456789', null]);
    }
    for (const behind of ['bytes=10-', 'bytes=10-20', 'bytes=-0', `bytes=${'9'.repeat(30)}-`]) {
      expect(await get(behind)).toEqual([416, '', 'bytes */10']);
    }
  });

  it('of nothing has no range that can be satisfied', async () => {
    const { ask } = await bench();
    await ask(`${base}/empty`, 'POST', {}, '');
    expect((await ask(`${base}/empty`)).text).toBe('');
    const { status, headers } = await ask(`${base}/empty`, 'GET', { range: 'bytes=0-' });
    expect([status, headers.get('content-range')]).toEqual([416, 'bytes */0']);
  });

  it('goes by If-Match, If-None-Match and the dates, in the order of the standard', async () => {
    const { simulation, ask } = await bench();
    await ask(`${base}/k`, 'POST', {}, '0123456789');
    await simulation.advance(10_000);
    const etag = (await ask(`${base}/k`)).headers.get('etag') ?? '';
    const status = async (headers: Record<string, string>, method = 'GET') =>
      (await ask(`${base}/k`, method, headers)).status;
    for (const method of ['GET', 'HEAD']) {
      expect(await status({ 'if-none-match': etag }, method)).toBe(304);
      expect(await status({ 'if-none-match': `"a", W/${etag}` }, method)).toBe(304);
      expect(await status({ 'if-none-match': '*' }, method)).toBe(304);
      expect(await status({ 'if-none-match': '"other"' }, method)).toBe(200);
      expect(await status({ 'if-match': `"other", ${etag}` }, method)).toBe(200);
      expect(await status({ 'if-match': '*' }, method)).toBe(200);
      expect(await status({ 'if-match': '"other"' }, method)).toBe(412);
      expect(await status({ 'if-match': `W/${etag}` }, method)).toBe(412);
      expect(await status({ 'if-match': '"other"', 'if-none-match': etag }, method)).toBe(412);
      expect(await status({ 'if-modified-since': day }, method)).toBe(304);
      expect(await status({ 'if-modified-since': day, 'if-none-match': '"other"' }, method)).toBe(200);
      expect(await status({ 'if-modified-since': 'Wed, 31 Dec 2025 23:59:59 GMT' }, method)).toBe(200);
      expect(await status({ 'if-unmodified-since': 'Wed, 31 Dec 2025 23:59:59 GMT' }, method)).toBe(412);
      expect(await status({ 'if-unmodified-since': day, 'if-modified-since': 'never' }, method)).toBe(200);
    }
  });

  it('takes a range for one of the version that the client has, by tag or by date', async () => {
    const { simulation, ask } = await bench();
    await ask(`${base}/k`, 'POST', {}, '0123456789');
    const etag = (await ask(`${base}/k`)).headers.get('etag') ?? '';
    const got = async (condition: string) => {
      const { status } = await ask(`${base}/k`, 'GET', { range: 'bytes=3-', 'if-range': condition });
      return status;
    };
    // Another version may follow in the same second.
    expect(await got(day)).toBe(200);
    await simulation.advance(2_000);
    expect([await got(etag), await got(day)]).toEqual([206, 206]);
    expect([await got(`W/${etag}`), await got('"other"'), await got('yesterday')]).toEqual([200, 200, 200]);
    await ask(`${base}/k`, 'POST', {}, 'changed');
    expect([await got(etag), await got(day)]).toEqual([200, 200]);
  });

  it('tells length, type, tag and checksum, in HEAD and parts as well, and never a content encoding', async () => {
    const { ask } = await bench();
    const sent = { 'content-type': 'text/x; charset=utf-8', 'content-encoding': 'gzip' };
    const stored = await ask(`${base}/k`, 'POST', sent, '0123456789');
    const tag = `"${JSON.parse(stored.text).sha256}"`;
    expect([stored.headers.get('etag'), stored.headers.get('repr-digest')]).toEqual([tag, sha256]);
    const accept = { 'accept-encoding': 'gzip, br' };
    for (const [method, asked, length] of [
      ['GET', accept, '10'],
      ['HEAD', accept, '10'],
      ['HEAD', { ...accept, range: 'bytes=1-2' }, '10'],
      ['GET', { ...accept, range: 'bytes=1-2' }, '2'],
    ] as const) {
      const { headers } = await ask(`${base}/k`, method, asked);
      const told = ['content-length', 'content-type', 'etag', 'repr-digest', 'content-encoding', 'accept-ranges'];
      expect(told.map((name) => headers.get(name))).toEqual([length, sent['content-type'], tag, sha256, null, 'bytes']);
    }
  });

  it('of what is not there is 404 with a JSON body; so are HEAD and DELETE', async () => {
    const { ask } = await bench();
    const absent = await ask(`${base}/none`);
    expect([absent.status, JSON.parse(absent.text).success]).toEqual([404, false]);
    expect((await ask(`${base}/none`, 'GET', { 'if-none-match': '*', range: 'bytes=0-' })).status).toBe(404);
    expect((await ask(`${base}/none`, 'HEAD')).status).toBe(404);
    expect((await ask(`${base}/none`, 'DELETE')).status).toBe(404);
  });
});
