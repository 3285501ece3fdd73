/** The rows of played reports as a table. */
import type { Row } from './play.ts';

const CELL_MAX = 60;
const heads = ['report', 'asked', 'right', 'ours', 'ok'] as const;

export function table(rows: readonly Row[]): string {
  const lines = [
    heads,
    ...rows.map(({ report, asked, right, ours, ok }) => [report, asked, cell(right), cell(ours), ok ? 'yes' : 'NO']),
  ];
  const widths = heads.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  return lines
    .map((line) =>
      line
        .map((text, column) => text.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function cell(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > CELL_MAX ? `${text.slice(0, CELL_MAX - 2)}..` : text;
}
