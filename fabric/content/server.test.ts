/** Managed content over HTTP, as the existing clients use it (contract 3.11). */
import { describe, expect, it } from 'vitest';
import { base, bench } from './content.fixture.ts';

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
});

describe('keys', () => {
  const verbs = ['POST', 'GET', 'HEAD', 'DELETE'];

  it('of 1,000 bytes of any characters are stored, listed, read and deleted', async () => {
    const { ask, keys } = await bench();
    const all = [
      'x'.repeat(1_000),
      '%'.repeat(1_000),
      'é'.repeat(500),
      '😀'.repeat(250),
      'a b/'.repeat(250),
      '..%'.repeat(333),
    ];
    for (const key of all) {
      const path = `${base}/${key.split('/').map(encodeURIComponent).join('/')}`;
      expect((await ask(path, 'POST', {}, key)).status).toBe(200);
      expect((await ask(path)).text).toBe(key);
    }
    expect(await keys()).toEqual([...all].sort((one, other) => Buffer.compare(Buffer.from(one), Buffer.from(other))));
    for (const key of all) {
      expect((await ask(`${base}/${key.split('/').map(encodeURIComponent).join('/')}`, 'DELETE')).status).toBe(200);
    }
    expect(await keys()).toEqual([]);
  });

  it.each([1_001, 1_025, 5_000])('of %d bytes are 400 on every verb, in paths, forms and filters', async (bytes) => {
    const { ask } = await bench();
    for (const key of ['x'.repeat(bytes), encodeURIComponent('é'.repeat(Math.ceil(bytes / 2)))]) {
      for (const verb of verbs) {
        const answer = await ask(`${base}/${key}`, verb, {}, verb === 'POST' ? 'x' : undefined);
        expect([verb, answer.status]).toEqual([verb, 400]);
        if (verb !== 'HEAD') expect(JSON.parse(answer.text)).toMatchObject({ success: false, reason: 'invalid-key' });
      }
      expect((await ask(`${base}?filter=${key}`)).status).toBe(400);
    }
    const form = `--b\r\ncontent-disposition: form-data; name="key"\r\n\r\n${'x'.repeat(bytes)}\r\n--b\r\ncontent-disposition: form-data; name="content"\r\n\r\nx\r\n--b--\r\n`;
    const posted = await ask(base, 'POST', { 'content-type': 'multipart/form-data; boundary=b' }, form);
    expect(posted.status).toBe(400);
  });

  it('with a zero byte are 400 on every verb', async () => {
    const { ask } = await bench();
    for (const verb of verbs)
      expect((await ask(`${base}/a%00b`, verb, {}, verb === 'POST' ? 'x' : undefined)).status).toBe(400);
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
    const { simulation, world, ask, keys } = await bench({ ttlSecondsByPrefix: { 'tmp/': 3600, 'tmp/short/': 60 } });
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
