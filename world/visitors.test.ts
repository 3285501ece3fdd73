/** Which requests a service on this machine takes, by Host, Origin and method. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { HttpRequest, HttpResponse } from './network.ts';
import { isHostName, type Refusal, visited } from './visitors.ts';

interface Asked {
  readonly method?: string;
  readonly path?: string;
  readonly host?: string;
  readonly origin?: string;
  readonly more?: Record<string, string>;
  readonly ownOriginFor?: 'changes' | 'everything';
}

const hosts = ['gateway', 'gateway.fabric.svc', 'dev.example', '10.1.2.3', 'fd00::7'];

/** `taken`, or the reason of the refusal. */
function ask({ method = 'GET', path = '/x', host, origin, more, ownOriginFor = 'changes' }: Asked): string {
  let answer = '';
  const handler = visited(
    () => {
      answer = 'taken';
    },
    { hosts, ownOriginFor, probes: ['/healthz'] },
    ({ reason }: Refusal) => {
      answer = reason;
    },
  );
  const headers = { ...(host === undefined ? {} : { host }), ...(origin === undefined ? {} : { origin }), ...more };
  const request = { method, url: path, headers, bytes: async () => Buffer.alloc(0) } as unknown as HttpRequest;
  void handler(request, {} as HttpResponse);
  return answer;
}

describe('a Host', () => {
  const own = [
    'localhost',
    'localhost:7441',
    'LocalHost:7441',
    'localhost.',
    'app.localhost:80',
    '127.0.0.1',
    '127.0.0.1:7441',
    '127.8.9.10:1',
    '[::1]:7441',
    '[0:0:0:0:0:0:0:1]:7441',
    'gateway',
    'GATEWAY.fabric.svc:8080',
    'gateway.fabric.svc.',
    '10.1.2.3:8080',
    '[fd00::7]:8080',
    'dev.example:3000',
  ];
  it.each(own)('of its own is taken: %s', (host) => {
    for (const method of ['GET', 'POST']) expect(ask({ host, method })).toBe('taken');
  });

  const foreign = [
    'evil.example',
    'evil.example:7441',
    'localhost.evil.example',
    '127.0.0.1.evil.example',
    'gateway.evil.example',
    'notlocalhost',
    'localhost..',
    '0.0.0.0:7441',
    '128.0.0.1',
    '10.1.2.4',
    '[fd00::8]',
    '[::]:7441',
    'rebind.127.0.0.1.nip.io',
  ];
  it.each(foreign)('of somebody else is refused, for reading too: %s', (host) => {
    for (const method of ['GET', 'HEAD', 'POST', 'DELETE']) expect(ask({ host, method })).toBe('foreign-host');
  });

  it.each([undefined, '', 'a b', 'user@localhost', 'localhost/x', 'localhost:port', '[::1', 'localhost, evil.example'])(
    'that is none is refused: %j',
    (host) => expect(ask({ host })).toMatch(/no-host|foreign-host/),
  );

  it('of a proxy’s telling is never looked at', () => {
    const more = { 'x-forwarded-host': 'localhost', forwarded: 'host=localhost', 'x-original-host': '127.0.0.1' };
    expect(ask({ host: 'evil.example', more })).toBe('foreign-host');
    expect(ask({ host: 'localhost', more: { 'x-forwarded-host': 'evil.example' } })).toBe('taken');
  });

  it('is any for whoever probes health', () => {
    expect(ask({ host: '192.0.2.1:8080', path: '/healthz' })).toBe('taken');
    expect(ask({ host: undefined, path: '/healthz?verbose' })).toBe('taken');
    expect(ask({ host: 'evil.example', path: '/healthz/../x' })).toBe('foreign-host');
    expect(ask({ host: 'evil.example', path: '/healthz', method: 'POST' })).toBe('foreign-host');
  });
});

describe('an Origin', () => {
  const host = '127.0.0.1:7441';
  it('that is the service’s own may do everything', () => {
    for (const ownOriginFor of ['changes', 'everything'] as const) {
      for (const origin of ['http://127.0.0.1:7441', 'http://localhost:7441', 'https://dev.example', undefined]) {
        expect(ask({ host, origin, method: 'POST', ownOriginFor })).toBe('taken');
      }
    }
    expect(ask({ host: 'gateway', origin: 'https://gateway', method: 'POST' })).toBe('taken');
  });

  const foreign = [
    'http://evil.example',
    'https://evil.example:7441',
    'http://localhost:3000',
    'http://127.0.0.1.evil.example:7441',
    'null',
    '',
    'file://',
    'chrome-extension://abc',
    'http://localhost:7441, http://evil.example',
    'http://user@localhost:7441',
    'http://localhost:7441/',
  ];
  it.each(foreign)('of somebody else changes nothing, and is told nothing where no page has to be: %j', (origin) => {
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE', 'PROPFIND']) {
      expect(ask({ host, origin, method })).toBe('foreign-origin');
    }
    for (const method of ['GET', 'HEAD', 'OPTIONS']) {
      expect(ask({ host, origin, method })).toBe('taken');
      expect(ask({ host, origin, method, ownOriginFor: 'everything' })).toBe('foreign-origin');
    }
  });
});

it('whatever Host and Origin hold, no name that is not ours is taken', () => {
  fc.assert(
    fc.property(fc.domain(), fc.webSegment(), fc.integer({ min: 0, max: 70_000 }), (domain, odd, port) => {
      for (const host of [
        domain,
        `${domain}:${port}`,
        `${odd}@${domain}`,
        `localhost.${domain}`,
        `127.0.0.1.${domain}`,
      ]) {
        expect(ask({ host })).not.toBe('taken');
        expect(ask({ host: 'localhost', origin: `http://${host}`, method: 'POST' })).toBe('foreign-origin');
      }
    }),
  );
});

it.each([
  ['gateway.fabric.svc', true],
  ['10.0.0.1', true],
  ['::1', true],
  ['[fd00::1]', true],
  ['a:80', false],
  ['http://a', false],
  ['a/b', false],
  ['', false],
])('%j as a host to allow: %j', (text, isOne) => expect(isHostName(text)).toBe(isOne));
