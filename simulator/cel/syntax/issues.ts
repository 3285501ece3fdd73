/**
 * What is wrong with an expression, and where: printed as Kubernetes prints it, with the line and a mark below. Source:
 * cel-go common/error.go.
 */

export interface Issue {
  /** In characters from the beginning. */
  readonly at: number;
  readonly message: string;
}

/** The expression cannot be read or has no type; the message is the one of the real server. */
export class CompileError extends Error {
  override readonly name = 'CompileError';
  readonly issues: readonly Issue[];

  constructor(source: string, issues: readonly Issue[]) {
    super(printed(source, issues));
    this.issues = issues;
  }
}

const ISSUES_MAX = 100;

function printed(source: string, issues: readonly Issue[]): string {
  const lines = source.split('\n').map((line) => [...line]);
  const placed = issues.map(({ at, message }) => ({ ...placeOf(lines, at), message }));
  placed.sort((one, other) => one.line - other.line || one.column - other.column);
  const shown = placed.slice(0, ISSUES_MAX).map((issue) => printedIssue(lines, issue));
  if (placed.length > ISSUES_MAX) shown.push(`${placed.length - ISSUES_MAX} more errors were truncated`);
  return shown.join('\n');
}

function placeOf(lines: readonly string[][], at: number): { line: number; column: number } {
  let left = at;
  for (const [index, line] of lines.entries()) {
    if (left <= line.length) return { line: index, column: left };
    left -= line.length + 1;
  }
  return { line: Math.max(0, lines.length - 1), column: lines.at(-1)?.length ?? 0 };
}

function printedIssue(lines: readonly string[][], issue: { line: number; column: number; message: string }): string {
  const line = (lines[issue.line] ?? []).map((sign) => (sign === '\t' ? ' ' : sign));
  const isWide = (sign: string | undefined): boolean => (sign?.codePointAt(0) ?? 0) > 0x7f;
  const dots = line.slice(0, issue.column).map((sign) => (isWide(sign) ? '\uff0e' : '.'));
  const mark = isWide(line[issue.column]) ? '\uff3e' : '^';
  const head = `ERROR: <input>:${issue.line + 1}:${issue.column + 1}: ${issue.message}`;
  return `${head}\n | ${line.join('')}\n | ${dots.join('')}${mark}`;
}
