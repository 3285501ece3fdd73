/**
 * What a node makes of a container's output, as containerd and the kubelet are written, line by line: the judge of our
 * own encoder and reader. For tests. (Upstream: containerd internal/cri/io/logger.go, redirectLogs and readLine, over
 * Go's bufio.Reader; cri-client/pkg/logs/logs.go, ReadLogs.)
 */
import type { ReadLogOptions } from './read-log.ts';
import type { StreamName } from './record-encoder.ts';

export interface Output {
  readonly stream: StreamName;
  readonly bytes: Buffer;
}

export interface CriRecord {
  readonly stream: StreamName;
  readonly tag: 'P' | 'F';
  readonly content: Buffer;
}

const maxLength = 16 * 1024;
const bufferSize = 4096;

/** Go's bufio.Reader of 4096 bytes over a pipe; `undefined` is its end. */
class BufioReader {
  readonly #read: () => Promise<Buffer | undefined>;
  #buffered: Buffer = Buffer.alloc(0);
  #unreadable: Buffer = Buffer.alloc(0);
  #pipe: Buffer = Buffer.alloc(0);
  #isAtEnd = false;

  constructor(read: () => Promise<Buffer | undefined>) {
    this.#read = read;
  }

  /** ReadSlice('\n'). */
  async readSlice(): Promise<{ readonly line: Buffer; readonly error?: 'full' | 'EOF' }> {
    for (;;) {
      const at = this.#buffered.indexOf(0x0a);
      if (at >= 0) return { line: this.#take(at + 1) };
      if (this.#buffered.length >= bufferSize) return { line: this.#take(bufferSize), error: 'full' };
      if (this.#isAtEnd) return { line: this.#take(this.#buffered.length), error: 'EOF' };
      await this.#fill();
    }
  }

  unreadByte(): void {
    this.#buffered = Buffer.concat([this.#unreadable.subarray(-1), this.#buffered]);
  }

  async #fill(): Promise<void> {
    if (this.#pipe.length === 0) {
      const more = await this.#read();
      this.#isAtEnd = more === undefined;
      this.#pipe = more ?? this.#pipe;
    }
    const room = bufferSize - this.#buffered.length;
    this.#buffered = Buffer.concat([this.#buffered, this.#pipe.subarray(0, room)]);
    this.#pipe = this.#pipe.subarray(room);
  }

  #take(bytes: number): Buffer {
    const taken = this.#buffered.subarray(0, bytes);
    this.#buffered = this.#buffered.subarray(bytes);
    this.#unreadable = taken;
    return taken;
  }
}

async function readLine(
  reader: BufioReader,
): Promise<{ readonly line: Buffer; readonly isPrefix: boolean; readonly isAtEnd: boolean }> {
  const { line, error } = await reader.readSlice();
  if (error === 'full') {
    if (line.at(-1) !== 0x0d) return { line, isPrefix: true, isAtEnd: false };
    reader.unreadByte();
    return { line: line.subarray(0, -1), isPrefix: true, isAtEnd: false };
  }
  if (line.at(-1) !== 0x0a) return { line, isPrefix: false, isAtEnd: error === 'EOF' };
  const drop = line.at(-2) === 0x0d ? 2 : 1;
  return { line: line.subarray(0, line.length - drop), isPrefix: false, isAtEnd: false };
}

async function redirectLogs(reader: BufioReader, write: (tag: 'P' | 'F', content: Buffer) => void): Promise<void> {
  let buffer: Buffer[] = [];
  let length = 0;
  for (;;) {
    const { line, isPrefix, isAtEnd } = await readLine(reader);
    if (line.length > 0) {
      buffer.push(Buffer.from(line));
      length += line.length;
    }
    if (isAtEnd && length === 0) return;
    if (length > maxLength) {
      const exceeding = length - maxLength;
      const last = buffer.pop() ?? Buffer.alloc(0);
      write('P', Buffer.concat([...buffer, last.subarray(0, last.length - exceeding)]));
      buffer = [last.subarray(last.length - exceeding)];
      length = exceeding;
    }
    if (isPrefix) continue;
    write(isAtEnd ? 'P' : 'F', Buffer.concat(buffer));
    buffer = [];
    length = 0;
    if (isAtEnd) return;
  }
}

/** The records of a container that writes this and ends, its stdout first. */
export async function recordsOf(outputs: readonly Output[]): Promise<CriRecord[]> {
  const records: CriRecord[] = [];
  const pipes = (['stdout', 'stderr'] as const).map((stream) => {
    const pipe = new Pipe();
    const redirected = redirectLogs(new BufioReader(() => pipe.read()), (tag, content) =>
      records.push({ stream, tag, content: Buffer.from(content) }),
    );
    return { stream, pipe, redirected };
  });
  for (const { stream, bytes } of outputs) {
    const pipe = pipes.find((each) => each.stream === stream)?.pipe;
    if (bytes.length > 0) await pipe?.write(bytes);
  }
  for (const { pipe, redirected } of pipes) {
    pipe.end();
    await redirected;
  }
  return records;
}

/** Takes one chunk at a time; a writer goes on when the reader has done its work and asks for more. */
class Pipe {
  #give: ((bytes: Buffer | undefined) => void) | undefined;
  #asked: () => void = () => {};
  #isAsked = new Promise<void>((resolve) => {
    this.#asked = resolve;
  });

  read(): Promise<Buffer | undefined> {
    const chunk = new Promise<Buffer | undefined>((resolve) => {
      this.#give = resolve;
    });
    this.#asked();
    return chunk;
  }

  async write(bytes: Buffer): Promise<void> {
    await this.#isAsked;
    this.#isAsked = new Promise((resolve) => {
      this.#asked = resolve;
    });
    this.#give?.(bytes);
    await this.#isAsked;
  }

  end(): void {
    this.#give?.(undefined);
  }
}

/** What a kubelet's log API answers; `time` is that of a record, as it is printed. */
export function printed(
  records: readonly (CriRecord & { readonly time: string })[],
  { tailLines, since, limitBytes, timestamps }: Omit<ReadLogOptions, 'follow' | 'signal'> = {},
): Buffer {
  const shown: Buffer[] = [];
  let isNewLine = true;
  for (const { tag, content, time } of records.slice(
    tailLines === undefined ? 0 : records.length - Math.min(records.length, tailLines),
  )) {
    const log = tag === 'P' ? content : Buffer.concat([content, Buffer.from('\n')]);
    if (since === undefined || time >= since) {
      if (timestamps && isNewLine) shown.push(Buffer.from(`${time} `));
      shown.push(log);
    }
    isNewLine = log.length === 0 || log.at(-1) === 0x0a;
  }
  return Buffer.concat(shown).subarray(0, limitBytes);
}
