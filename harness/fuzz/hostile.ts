/** Texts and values that break careless programs. */
import fc from 'fast-check';

const long = 'x'.repeat(3_000);

/** Texts for anywhere: a path, a query, a header, a body. */
export const hostileText: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(
    ...[
      '',
      ' ',
      '.',
      '..',
      '../..',
      '/',
      '//',
      '\\',
      '%',
      '%00',
      '%zz',
      '%2e%2e%2f',
      '+',
      '?',
      '#',
      '&',
      ';',
      '=',
      ',',
    ],
    ...['\0', '\n', '\r\n', '\t', '\u0085', '\u2028', '\ufeff', '\u202e', '\ud800', 'é', 'e\u0301', '日本', '🦭'],
    ...[
      '__proto__',
      'constructor',
      'prototype',
      'toString',
      'hasOwnProperty',
      '$where',
      '$ref',
      '$(x)',
      '#{x}',
      '{{x}}',
    ],
    ...[
      "'; DROP TABLE tasks; --",
      '" or ""="',
      '<script>alert(1)</script>',
      '`id`',
      'a\r\nx-injected: 1',
      'file:///etc',
    ],
    ...['null', 'undefined', 'true', 'TRUE', 'false', 'NaN', 'Infinity', '-0', '-1', '0', '1', '1.5', '1e999', '0x10'],
    ...['9'.repeat(15), '9'.repeat(30), '9007199254740993', `-${'9'.repeat(20)}`, '1'.repeat(400)],
    ...['{}', '[]', '{"a":', '{"$gt":""}', '{"name":{"$regex":"(a+)+$"}}', '{"$or":[]}', '{"name":{"$in":[]}}', '[[]]'],
    ...['{"startTime":-1}', '{"__proto__":1}', '{"a.b.c":1}', '{"$where":"1"}', '{"name":{"$not":{"$not":{}}}}'],
    ...['2026-13-45T99:99:99Z', '0000-00-00', '9999-12-31T23:59:59Z', '+275760-09-13T00:00:00.001Z', '1970-01-01'],
    ...['* * * * *', '@every 1ms', '61 * * * *', '@hourly', '0 0 30 2 *', 'TZ=Mars/Base * * * * *'],
    ...['asc', 'desc', 'rows', 'json', 'yaml', 'openapi', 'k8s', 'job', 'daemon', 'a,b', ','.repeat(2_000)],
    ...[
      'http://169.254.169.254/',
      'http://[::1]/',
      'http://content/',
      'javascript:1',
      'x'.repeat(64),
      'x'.repeat(254),
      long,
    ],
  ),
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.string({ unit: 'grapheme', maxLength: 12 }),
);

/** Values for any place in a JSON body. */
export const hostileValue: fc.Arbitrary<unknown> = fc.oneof(
  hostileText,
  fc.constantFrom(null, true, false, 0, -1, 1.5, 1e308, -1e308, Number.MAX_SAFE_INTEGER + 2, 5e-324),
  fc.constantFrom([], {}, [[]], [null], [{}], { '': '' }, { a: { b: { c: {} } } }, { $ref: '' }, { $gt: 1 }),
  fc.constant(Object.fromEntries([['__proto__', { polluted: true }]])),
  fc.constant(Array.from({ length: 2_000 }, (_, index) => index)),
  fc.constant(Object.fromEntries(Array.from({ length: 500 }, (_, index) => [`k${index}`, index]))),
  fc.jsonValue({ maxDepth: 3 }),
);

const nested = (levels: number) => `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`;

/** Bodies that are no JSON, or JSON that nobody means. */
export const hostileBytes: fc.Arbitrary<Buffer> = fc.oneof(
  fc
    .constantFrom(
      ...[
        '',
        ' ',
        '{',
        '}',
        '[',
        '"',
        'null',
        '1',
        '"text"',
        '[]',
        '{}',
        'tru',
        '{"a":1,}',
        "{'a':1}",
        '{"a":1}{"a":1}',
      ],
      ...['\ufeff{}', '{"a":1,"a":2}', '{"__proto__":{"x":1}}', '{"constructor":{"prototype":{"x":1}}}', '{"a":1e999}'],
      ...[
        nested(80),
        nested(100),
        nested(5_000),
        '['.repeat(20_000),
        `"${'x'.repeat(100_000)}"`,
        `[${'0,'.repeat(20_000)}0]`,
      ],
      ...[
        'a=b&c=d',
        '<xml/>',
        '--b\r\nContent-Disposition: form-data; name="key"\r\n\r\nk\r\n--b--\r\n',
        '{"query":"{"}',
      ],
      ...['--b\r\nContent-Disposition: form-data; name="content"\r\n\r\nk', `{"query":"${'{a'.repeat(400)}"}`],
    )
    .map((text) => Buffer.from(text)),
  fc.constant(Buffer.alloc(2.5 * 1024 * 1024, '1')),
  fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
  fc.constant(Buffer.from('{"a":"\xff\xfe"}', 'latin1')),
  fc.constant(Buffer.from('{"a":1}', 'utf16le')),
  fc.constant(Buffer.from([0x1f, 0x8b, 0x08, 0, 0, 0, 0, 0])),
);

export const contentTypes: fc.Arbitrary<string> = fc.constantFrom(
  ...[
    'application/json',
    'application/json; charset=utf-8',
    'application/json;charset=utf-16',
    'APPLICATION/JSON',
    'text/plain',
  ],
  ...[
    'application/x-www-form-urlencoded',
    'multipart/form-data',
    'multipart/form-data; boundary=b',
    'multipart/form-data; boundary=',
  ],
  ...[
    'application/yaml',
    'application/octet-stream',
    '*/*',
    ';',
    'x',
    `text/${'x'.repeat(2_000)}`,
    'text/html; charset="',
  ],
);

/** A header's value: what a client can send at all. */
export function sendable(text: string): string {
  return text.replace(/[^\x20-\x7e\x80-\xff]/g, '').slice(0, 2_000);
}
