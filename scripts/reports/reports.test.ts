/** Every report of fixtures/reports is answered right; `npm run reports` prints the table of the same rows. */
import { describe, expect, test } from 'vitest';
import { play } from './play.ts';
import { isRequest, type Report, readReports } from './report.ts';
import { ofInterest, show } from './show.ts';
import { table } from './table.ts';

const reports = readReports();
/** What starts processes has its own tests: harness/up/up-ends.test.ts. */
const inVirtualTime = reports.filter(({ checks }) => checks.some(isRequest));

test('all reports are read, and ask something', () => {
  expect(reports.length).toBeGreaterThan(13);
  expect(inVirtualTime.length).toBeGreaterThan(12);
  for (const { title, judge, checks } of reports) {
    expect(title).not.toBe('');
    expect(judge).not.toBe('');
    expect(checks).not.toEqual([]);
  }
});

test.each(inVirtualTime)('$name: $title', async (report) => {
  const rows = await play({ ...report, checks: report.checks.filter(isRequest) });
  expect(rows.map(({ asked, ours }) => ({ asked, ours }))).toEqual(
    rows.map(({ asked, right }) => ({ asked, ours: right })),
  );
});

describe('a wrong right value', () => {
  const made = (more: Partial<Report>): Report => ({
    name: 'made',
    title: 'made up',
    judge: 'nobody',
    before: [],
    checks: [],
    ...more,
  });

  test('is told in its row', async () => {
    const send = 'GET kubernetes/api/v1/namespaces/default';
    const rows = await play(
      made({
        checks: [
          { asked: 'a namespace', send, show: 'status', right: 404 },
          { asked: 'its phase', send, show: 'status.phase', right: 'Active' },
        ],
      }),
    );
    expect(rows.map(({ ok, ours }) => [ok, ours])).toEqual([
      [false, 200],
      [true, 'Active'],
    ]);
    expect(table(rows).split('\n')).toEqual([
      'report  asked        right     ours      ok',
      'made    a namespace  404       200       NO',
      'made    its phase    "Active"  "Active"  yes',
    ]);
  });

  test('a situation that cannot be made is an error', async () => {
    const report = made({
      before: [{ send: 'GET kubernetes/api/v1/namespaces/none' }],
      checks: [{ asked: 'nothing', send: 'GET kubernetes/version', show: 'status', right: 200 }],
    });
    await expect(play(report)).rejects.toThrow('made: GET kubernetes/api/v1/namespaces/none: 404');
  });
});

test('what is shown of an answer', () => {
  const of = (text: string) => ({ status: 200, warnings: '', bytes: Buffer.from(text) });
  expect(show(of('a\nb\n'), 'line')).toBe('a');
  expect(show(of('T stdout F a\nT stderr P b \n'), 'records')).toEqual(['stdout F a', 'stderr P b ']);
  expect(show(of('{"items":[{"a":2},{"a":1}]}'), 'items.*.a')).toEqual([1, 2]);
  expect(show(of('{"items":{}}'), 'items.constructor')).toBeUndefined();
  expect(show(of('no JSON'), 'message')).toBe('no JSON');
  expect(ofInterest({ a: 1, b: { c: 2, d: 3 } }, { b: { d: 4 } })).toEqual({ b: { d: 3 } });
});
