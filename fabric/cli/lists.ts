/** What all lists have in common: which rows are asked for, and how they are printed. */
import type { CommandCall, OptionDefinition } from './command.ts';
import { documentText } from './output/documents.ts';
import { type Column, tableOf } from './output/table.ts';
import { printLine } from './terminal.ts';

/** Rows of one page, as the field's command line has it. */
const limitDefault = '20';

export const listOptions: readonly OptionDefinition[] = [
  { flags: '--filter <filter>', description: 'a filter as MongoDB has it, in JSON: {"state": "FAILED"}' },
  { flags: '--limit <count>', description: `rows at most (${limitDefault}); 0 for all` },
  { flags: '--skip <count>', description: 'rows to leave out first' },
  { flags: '--sort <order>', description: 'members to sort by, in JSON: {"startTime": -1}' },
  { flags: '--json [expression]', description: 'print JSON, or what a JMESPath expression takes out of it' },
  { flags: '--query <expression>', description: 'what a JMESPath expression takes out of the rows' },
];

/** Of the flags, what the gateway is asked for. A usage error when a count is none. */
export function listQuery(call: CommandCall, sort?: string): Record<string, string | undefined> {
  call.count('limit', 0);
  call.count('skip', 0);
  return {
    filter: call.text('filter'),
    limit: call.text('limit') ?? limitDefault,
    skip: call.text('skip') ?? '0',
    sort: call.text('sort') ?? sort,
  };
}

export interface PrintedList<Row> {
  readonly rows: readonly Row[];
  readonly columns: readonly Column<Row>[];
  /** What is listed: `tasks`. */
  readonly what: string;
}

export async function printList<Row>(call: CommandCall, { rows, columns, what }: PrintedList<Row>): Promise<void> {
  const { terminal } = call.context;
  const expression = call.text('json') ?? call.text('query');
  if (call.isGiven('json') || expression !== undefined) return printLine(terminal, documentText(rows, expression));
  return printLine(terminal, rows.length === 0 ? `No ${what} found` : tableOf(columns, rows));
}

/** For commands that print one document. */
export const documentOptions: readonly OptionDefinition[] = [
  { flags: '--query <expression>', description: 'what a JMESPath expression takes out of the document' },
];

export async function printDocument(call: CommandCall, value: unknown): Promise<void> {
  await printLine(call.context.terminal, documentText(value, call.text('query')));
}

/** As the field's command line prints what the gateway says of an action: one line of JSON. */
export async function printAnswer(call: CommandCall, value: unknown): Promise<void> {
  await printLine(call.context.terminal, JSON.stringify(value));
}
