/** Uploads over HTTP: forms of every kind, checksums, and what breaks on its way. */
import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { base, bench, inPieces } from '../content.fixture.ts';

const formHeaders = { 'content-type': 'multipart/form-data; boundary=b' };
const field = (name: string, value: string, more = '') =>
  `--b\r\nContent-Disposition: form-data; name="${name}"${more}\r\n\r\n${value}\r\n`;
const file = (value: string) =>
  field('content', value, '; filename="f.txt"\r\nContent-Type: text/special; charset=utf-8');
const end = '--b--\r\n';

describe('a form', () => {
  it('gives key and content, whatever the chunks and however much the content looks like a delimiter', async () => {
    const content = 'line\r\n--boundar\r\n--boundaryless--\r\n\r\nend\r\n';
    const form =
      'preamble\r\n--boundary-x\r\nContent-Disposition: form-data; name="key"\r\n\r\nforms/été.txt\r\n' +
      '--boundary-x\r\nContent-Disposition: form-data; name="content"; filename="f.txt"\r\nContent-Type: Text/Special; charset="utf-8"\r\n\r\n' +
      `${content}\r\n--boundary-x--\r\n`;
    for (const size of [1, 2, 7, 1000]) {
      const { ask } = await bench();
      const headers = { 'content-type': 'multipart/form-data; boundary="boundary-x"' };
      const posted = await ask(base, 'POST', headers, inPieces(Buffer.from(form), size));
      expect(JSON.parse(posted.text)).toMatchObject({ success: true, key: 'forms/été.txt' });
      const stored = await ask(`${base}/forms/%C3%A9t%C3%A9.txt`);
      expect([stored.text, stored.headers.get('content-type')]).toEqual([content, 'Text/Special; charset="utf-8"']);
    }
  });

  it.each([
    ['with fields of other names before, between and behind', field('a', 'x'), field('z', 'x', '; filename="z"'), 'an'],
    ['with a preamble and an epilogue', 'preamble\r\n\r\n', '', 'an'],
    ['with empty content', '', '', ''],
    ['with large content', '', '', 'large '.repeat(100_000)],
  ])('%s is taken', async (_, before, between, content) => {
    const { ask } = await bench();
    const form = `${before}${field('key', 'k')}${between}${file(content)}${before.startsWith('--') ? between : ''}${end}epilogue`;
    for (const size of [3, 50_000]) {
      if (size < 10 && content.length > 1_000) continue;
      const posted = await ask(base, 'POST', formHeaders, inPieces(Buffer.from(form), size));
      expect(posted.status, posted.text).toBe(200);
      expect((await ask(`${base}/k`)).text).toBe(content);
    }
  });

  const key = field('key', 'k');
  it.each([
    ['is empty', ''],
    ['is no form', 'nothing'],
    ['has no content', `${key}${end}`],
    ['has no key', `${file('x')}${end}`],
    ['has its key behind its content', `${file('x')}${key}${end}`],
    ['has an empty key', `${field('key', '')}${file('x')}${end}`],
    ['has two keys', `${key}${field('key', 'other')}${file('x')}${end}`],
    ['has a key before and behind', `${key}${file('x')}${key}${end}`],
    ['has two contents', `${key}${file('x')}${file('y')}${end}`],
    ['has a part without a name', `${key}--b\r\nContent-Disposition: form-data\r\n\r\nx\r\n${file('x')}${end}`],
    ['has a part without a head', `${key}--b\r\n${file('x')}${end}--b\r\n`],
    ['ends in its key', key.slice(0, -4)],
    ['ends in a head', `${key}${file('x').slice(0, 40)}`],
    ['ends in its content', `${key}${file('x').slice(0, -2)}`],
    ['ends behind its content, before the last delimiter', `${key}${file('x')}`],
    ['has a last delimiter that is cut', `${key}${file('x')}--b-`],
    ['has a key of 5,000 bytes', `${field('key', 'x'.repeat(5_000))}${file('x')}${end}`],
    ['has a key with a zero byte', `${field('key', 'a\0b')}${file('x')}${end}`],
    ['climbs', `${field('key', 'a/../../q/content/k')}${file('x')}${end}`],
    ['has a content type of control characters', `${key}${file('x').replace('special', 'a\u0001b')}${end}`],
  ])('that %s is a 400 and leaves nothing', async (name, form) => {
    const { ask, keys } = await bench();
    for (const size of [1, 11, 100_000]) {
      const posted = await ask(base, 'POST', formHeaders, inPieces(Buffer.from(form), size));
      // A part that has no head is none.
      const expected = name === 'has a part without a head' ? [200, 400] : [400];
      expect(expected, posted.text).toContain(posted.status);
      if (posted.status === 400) expect(await keys()).toEqual([]);
    }
  });

  it('must be one, and must name its boundary', async () => {
    const { ask } = await bench();
    for (const type of ['text/plain', 'multipart/form-data', 'multipart/mixed; boundary=b']) {
      expect((await ask(base, 'POST', { 'content-type': type }, `${key}${file('x')}${end}`)).status).toBe(400);
    }
    expect((await ask(`${base}/`, 'POST', {}, 'x')).status).toBe(400);
  });
});

describe('a checksum', () => {
  const body = 'some content';
  const of = (algorithm: string, text = body) => createHash(algorithm).update(text).digest('base64');
  const crc = (text: string) => {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(crc32(text));
    return bytes.toString('base64');
  };
  const named = (text: string): [string, string][] => [
    ['content-md5', of('md5', text)],
    ['content-digest', `sha-256=:${of('sha256', text)}:`],
    ['content-digest', `unixsum=:AAAA:, sha-512=:${of('sha512', text)}:`],
    ['repr-digest', `md5=:${of('md5', text)}:`],
    ['x-amz-checksum-sha256', of('sha256', text)],
    ['x-amz-checksum-sha1', of('sha1', text)],
    ['x-amz-checksum-crc32', crc(text)],
  ];

  it('that is right lets the upload through', async () => {
    const { ask } = await bench();
    for (const [name, value] of named(body)) {
      const posted = await ask(`${base}/k`, 'POST', { [name]: value }, inPieces(Buffer.from(body), 3));
      expect([name, posted.status]).toEqual([name, 200]);
    }
  });

  it('that is wrong, or one of several that is, is a 400: the object before it stays', async () => {
    const { ask, keys } = await bench();
    await ask(`${base}/k`, 'POST', {}, 'before');
    for (const [name, value] of named('other content')) {
      for (const key of ['k', 'fresh']) {
        const headers = { [name]: value, ...(name === 'content-md5' ? {} : { 'content-md5': of('md5') }) };
        const posted = await ask(`${base}/${key}`, 'POST', headers, body);
        expect([posted.status, JSON.parse(posted.text).reason]).toEqual([400, 'wrong-checksum']);
      }
      expect((await ask(`${base}/k`)).text).toBe('before');
    }
    expect(await keys()).toEqual(['k']);
  });

  it.each([
    ['content-md5', 'no base64!'],
    ['content-md5', 'AAAA'],
    ['content-md5', ''],
    ['content-digest', 'sha-256'],
    ['content-digest', `sha-256=${of('sha256')}`],
    ['content-digest', `sha-256=:${of('md5')}:`],
    ['content-digest', 'crc32c=:AAAAAA==:'],
    ['content-digest', 'constructor=:AAAA:'],
    ['x-amz-checksum-sha256', 'x'],
    ['x-amz-checksum-crc64nvme', 'AAAAAAAAAAA='],
  ])('that cannot be read or taken is a 400 (%s: %s)', async (name, value) => {
    const { ask, keys } = await bench();
    const posted = await ask(`${base}/k`, 'POST', { [name]: value }, body);
    expect([posted.status, JSON.parse(posted.text).success]).toEqual([400, false]);
    expect(await keys()).toEqual([]);
  });

  it('of a form is one of the whole form', async () => {
    const { ask, keys } = await bench();
    const form = `${field('key', 'k')}${file(body)}${end}`;
    const wrong = await ask(base, 'POST', { ...formHeaders, 'content-md5': of('md5') }, form);
    expect([wrong.status, await keys()]).toEqual([400, []]);
    expect((await ask(base, 'POST', { ...formHeaders, 'content-md5': of('md5', form) }, form)).status).toBe(200);
  });
});

describe('an upload that breaks', () => {
  async function* broken(text: string): AsyncGenerator<Buffer> {
    yield Buffer.from(text);
    throw new Error('the client broke');
  }

  it.each([
    ['raw', `${base}/k`, {}, 'half'],
    ['in a form', base, formHeaders, `${field('key', 'k')}${file('half').slice(0, -2)}`],
    ['behind the content of a form', base, formHeaders, `${field('key', 'k')}${file('half')}--b`],
  ])('leaves what was there, and nothing of itself (%s)', async (_, path, headers, text) => {
    const { simulation, world, answerTo, ask, keys } = await bench();
    await ask(`${base}/other`, 'POST', {}, 'x');
    const answer = await simulation.run(answerTo(path, 'POST', headers, broken(text)).catch(() => undefined));
    if (answer) expect(answer.status).toBeGreaterThanOrEqual(400);
    await simulation.settle();
    expect(await keys()).toEqual(['other']);
    expect(await simulation.run(world.files.list('/content/drafts'))).toEqual([]);
  });
});
