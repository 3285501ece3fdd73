/** How far a long transfer is: a bar on the terminal of standard error, and nothing where no person reads that. */
import { Bar, Presets } from 'cli-progress';
import type { Terminal } from '../terminal.ts';

export interface Progress {
  add(bytes: number): void;
  end(): void;
}

const silent: Progress = { add: () => undefined, end: () => undefined };
/** For a bar without an end: how much has come. */
const endless = 'bytes so far: {value} | {what}';
const finite = '{bar} {percentage}% | {value} of {total} bytes | {what}';

/** `totalBytes`: undefined when it is not known. */
export function progressOf(terminal: Terminal, what: string, totalBytes: number | undefined): Progress {
  if (!terminal.isErrorTerminal) return silent;
  const bar = new Bar(
    { format: totalBytes === undefined ? endless : finite, hideCursor: true, etaBuffer: 1 },
    Presets.shades_classic,
  );
  bar.start(totalBytes ?? 0, 0, { what });
  let value = 0;
  return {
    add(bytes) {
      value += bytes;
      bar.update(value);
    },
    end: () => bar.stop(),
  };
}

/** The same bytes, counted. */
export async function* counted(source: AsyncIterable<Uint8Array>, progress: Progress): AsyncGenerator<Uint8Array> {
  for await (const chunk of source) {
    progress.add(chunk.length);
    yield chunk;
  }
}
