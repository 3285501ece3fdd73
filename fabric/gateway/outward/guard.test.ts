/** No URL of a client leads the gateway to what stands inside. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { outwardFault } from './guard.ts';

const none = new Set<string>();

describe('inside', () => {
  test.each([
    'http://localhost/',
    'http://127.0.0.1:8080/x',
    'http://127.1/',
    'http://2130706433/',
    'http://0x7f.0.0.1/',
    'http://0/',
    'http://10.1.2.3/',
    'http://172.31.0.1/',
    'http://192.168.1.1/',
    'http://169.254.169.254/latest/meta-data/',
    'http://100.64.0.1/',
    'http://[::1]/',
    'http://[::]/',
    'http://[::ffff:127.0.0.1]/',
    'http://[64:ff9b::a00:1]/',
    'http://[fe80::1]/',
    'http://[fd00::1]/',
    'https://kubernetes.default.svc/',
    'https://kubernetes/',
    'http://x.default.svc.cluster.local/',
    'http://x.default.svc.cluster.local./',
    'http://LOCALHOST./',
    'http://metadata.google.internal/',
    'http://router.lan/',
    'file:///etc/passwd',
    'gopher://example.com/',
    'http://user:secret@example.com/',
    'nonsense',
    '',
  ])('%s is refused', (url) => expect(outwardFault(url, none)).toBeTypeOf('string'));

  test('each address of a private network, however it is written', () => {
    const parts = fc.tuple(
      fc.integer({ max: 255, min: 0 }),
      fc.integer({ max: 255, min: 0 }),
      fc.integer({ max: 255, min: 0 }),
    );
    fc.assert(
      fc.property(parts, fc.constantFrom(10, 127, 0), ([b, c, d], a) => {
        const number = ((a * 256 + b) * 256 + c) * 256 + d;
        const forms = [
          `${a}.${b}.${c}.${d}`,
          String(number),
          `0x${number.toString(16)}`,
          `[::ffff:${a}.${b}.${c}.${d}]`,
        ];
        for (const host of forms) expect(outwardFault(`http://${host}/`, none)).toBeTypeOf('string');
      }),
    );
  });
});

describe('outside', () => {
  test.each([
    'https://example.com/hook?x=1',
    'http://93.184.216.34/',
    'http://[2606:2800:220:1:248:1893:25c8:1946]/',
    'http://172.32.0.1/',
    'http://11.0.0.1:8080/',
  ])('%s is asked', (url) => expect(outwardFault(url, none)).toBeUndefined());
});

test('a host that the gateway allows is asked, with its port or without', () => {
  expect(outwardFault('http://localhost:9000/x', new Set(['localhost:9000']))).toBeUndefined();
  expect(outwardFault('http://localhost:9001/x', new Set(['localhost:9000']))).toBeTypeOf('string');
  expect(outwardFault('http://hooks:9001/x', new Set(['hooks']))).toBeUndefined();
});
