/** Where a command writes: the machine's terminal or pipe, or what a test reads. */
export interface Terminal {
  /** Resolves when there is room for more. */
  out(text: string | Uint8Array): Promise<void>;
  err(text: string): Promise<void>;
  /** Whether a person reads standard output. */
  readonly isTerminal: boolean;
  /** Whether a person reads standard error: there progress is drawn. */
  readonly isErrorTerminal: boolean;
  /** Characters in a line; undefined in a pipe. */
  readonly columns: number | undefined;
}

export async function printLine(terminal: Terminal, line: string): Promise<void> {
  await terminal.out(`${line}\n`);
}
