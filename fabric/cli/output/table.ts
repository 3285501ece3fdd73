/**
 * Tables as the field's command line draws them (seeds): fixed widths, a line between rows, cut cells with an ellipsis.
 */
import Table from 'cli-table3';

export interface Column<Row> {
  readonly title: string;
  /** Characters between two borders, the blanks beside the text included. */
  readonly width: number;
  value(row: Row): unknown;
}

export function tableOf<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): string {
  const table = new Table({
    head: columns.map(({ title }) => title),
    colWidths: columns.map(({ width }) => width),
    style: { head: [], border: [] },
  });
  table.push(...rows.map((row) => columns.map(({ value }) => cellText(value(row)))));
  return table.toString();
}

/** What is missing is a dash; characters that would move the cursor are shown and not sent to the terminal. */
function cellText(value: unknown): string {
  if (value === undefined || value === null || value === '') return '-';
  return printable(typeof value === 'object' ? JSON.stringify(value) : String(value));
}

/** Control characters as escapes: names and reasons come from others. */
export function printable(text: string): string {
  return text.replace(/\p{Cc}/gu, (character) => JSON.stringify(character).slice(1, -1).replace('\u007f', '\\u007f'));
}
