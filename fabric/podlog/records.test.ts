/** The node's files, read as the log API prints them. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatInstant, parseInstant } from './instant.ts';
import { firstRecordInstant, RecordDecoder } from './records.ts';
import { LogScanner } from './scanner.ts';

function decoded(records: string, cuts: number[] = [], options = {}): string {
  const decoder = new RecordDecoder(options);
  const bytes = Buffer.from(records, 'latin1');
  const borders = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((left, right) => left - right), bytes.length];
  let text = '';
  for (const [index, start] of borders.entries()) {
    const chunk = Buffer.from(bytes.subarray(start, borders[index + 1] ?? bytes.length));
    text += decoder.decode(chunk).toString('latin1');
  }
  return text;
}

const time = (second: number) => `2026-01-01T00:00:${String(second).padStart(2, '0')}.000000001Z`;

describe('records', () => {
  it('become lines with times, and the parts of a line one line', () => {
    const records = `${time(1)} stdout F one\n${time(2)} stdout P tw\n${time(3)} stderr P o\n${time(4)} stdout F \n${time(5)} stdout F \n`;
    expect(decoded(records)).toBe(`${time(1)} one\n${time(2)} two\n${time(5)} \n`);
  });

  it('keep times without zeros at their end, and in other zones, as they are', () => {
    const records = '2026-01-01T00:00:01.5Z stdout F a b\n2026-01-01T02:00:02.25+02:00 stderr F c\n';
    expect(decoded(records)).toBe('2026-01-01T00:00:01.5Z a b\n2026-01-01T02:00:02.25+02:00 c\n');
  });

  it('keep short times before text that has a blank where long times end', () => {
    const lines: string[] = [];
    const scanner = new LogScanner();
    const records = '2026-01-01T00:00:01.1234Z stdout F line 1\n2026-01-01T00:00:01.12Z stdout F line 2\n';
    scanner.push(Buffer.from(decoded(records)), ({ bytes, textStart, end, instant }) => {
      lines.push(`${instant && formatInstant(instant)} ${bytes.toString('latin1', textStart, end)}`);
    });
    expect(lines).toEqual(['2026-01-01T00:00:01.123400000Z line 1\n', '2026-01-01T00:00:01.120000000Z line 2\n']);
  });

  it('count from an instant on, wherever the bytes begin', () => {
    const records = [1, 2, 3].map((second) => `${time(second)} stdout F line ${second}\n`).join('');
    const since = parseInstant('2026-01-01T00:00:02Z');
    expect(decoded(records, [], { since })).toBe(`${time(2)} line 2\n${time(3)} line 3\n`);
    expect(decoded(records.slice(7), [], { since, isCut: true })).toBe(`${time(2)} line 2\n${time(3)} line 3\n`);
  });

  it('of a line that began before that instant have no time, as a kubelet prints them', () => {
    const records = `${time(1)} stdout P head\n${time(2)} stdout P body\n${time(3)} stdout F tail\n${time(4)} stdout F next\n`;
    const since = parseInstant('2026-01-01T00:00:02Z');
    expect(decoded(records, [], { since })).toBe(`bodytail\n${time(4)} next\n`);
  });

  it('that are none are left out', () => {
    expect(decoded(`nonsense\n${time(1)} stdout F one\n\n`)).toBe(`${time(1)} one\n`);
  });

  it('come out the same however they are cut into chunks', () => {
    const record = fc.record({ isPart: fc.boolean(), text: fc.string({ maxLength: 20 }), stream: fc.boolean() });
    fc.assert(
      fc.property(fc.array(record, { maxLength: 12 }), fc.array(fc.nat(), { maxLength: 12 }), (all, cuts) => {
        const records = all
          .map(({ isPart, text, stream }, index) => {
            const tag = isPart ? 'P' : 'F';
            return `${time(index)} ${stream ? 'stdout' : 'stderr'} ${tag} ${text.replaceAll('\n', '')}\n`;
          })
          .join('');
        expect(decoded(records, cuts)).toBe(decoded(records));
      }),
    );
  });

  it('tell the time of the first whole one', () => {
    const records = Buffer.from(`rest\n${time(7)} stdout F x\n`);
    const instant = firstRecordInstant(records, true);
    expect(instant && formatInstant(instant)).toBe(time(7));
    expect(firstRecordInstant(Buffer.from('no line feed'), true)).toBeUndefined();
    expect(firstRecordInstant(Buffer.alloc(0), false)).toBeUndefined();
  });
});
