/**
 * `multipart/form-data` as it streams in: one part after the other, each body an async iterable that must be read before the next
 * part comes. Memory is bounded by a chunk and the part's head (RFC 7578, RFC 2046 5.1.1).
 */
import { Problem } from '../http/index.ts';

interface FormPart {
  readonly name: string;
  readonly fileName?: string;
  readonly contentType?: string;
  readonly body: AsyncIterable<Buffer>;
}

const headBytesMaximum = 16 * 1024;
const headEnd = Buffer.from('\r\n\r\n');

/** The boundary that a content type names; undefined when it is no multipart form. */
export function boundaryOf(contentType: string | undefined): string | undefined {
  if (!contentType || !/^multipart\/form-data\b/i.test(contentType)) return undefined;
  const found = /boundary=(?:"([^"]+)"|([^;\s]+))/i.exec(contentType);
  return found?.[1] ?? found?.[2];
}

/** The parts of a form. A malformed body is a 400. */
export async function* readForm(stream: AsyncIterable<Buffer>, boundary: string): AsyncGenerator<FormPart> {
  const reader = new FormReader(stream, Buffer.from(`\r\n--${boundary}`));
  await reader.skipToDelimiter();
  while (await reader.hasPart()) {
    const head = await reader.readHead();
    yield { ...describe(head), body: reader.body() };
    await reader.skipToDelimiter();
  }
}

function describe(head: string): Omit<FormPart, 'body'> {
  const header = (name: string) => new RegExp(`^${name}:(.*)$`, 'im').exec(head)?.[1]?.trim();
  const disposition = header('content-disposition') ?? '';
  const name = parameter(disposition, 'name');
  if (name === undefined) throw malformed('a part has no name');
  return { name, fileName: parameter(disposition, 'filename'), contentType: header('content-type') };
}

function parameter(disposition: string, name: string): string | undefined {
  const found = new RegExp(`[;\\s]${name}=(?:"((?:[^"\\\\]|\\\\.)*)"|([^;\\s]*))`, 'i').exec(disposition);
  return found?.[1]?.replace(/\\(.)/g, '$1') ?? found?.[2];
}

function malformed(why: string): Problem {
  return new Problem(400, 'malformed-form', `the form is malformed: ${why}`);
}

class FormReader {
  readonly #chunks: AsyncIterator<Buffer>;
  readonly #delimiter: Buffer;
  /** Begins as if a line had ended before the first delimiter. */
  #waiting: Buffer = Buffer.from('\r\n');
  #isAtDelimiter = false;

  constructor(stream: AsyncIterable<Buffer>, delimiter: Buffer) {
    this.#chunks = stream[Symbol.asyncIterator]();
    this.#delimiter = delimiter;
  }

  /** Reads on to just behind the next delimiter. */
  async skipToDelimiter(): Promise<void> {
    for await (const _ of this.body());
    this.#isAtDelimiter = false;
  }

  /** Behind a delimiter: false when `--` says that it was the last one. */
  async hasPart(): Promise<boolean> {
    await this.#need(2);
    if (this.#waiting.subarray(0, 2).toString('latin1') === '--') return false;
    return true;
  }

  async readHead(): Promise<string> {
    for (;;) {
      const end = this.#waiting.indexOf(headEnd);
      if (end >= 0) {
        const head = this.#waiting.toString('utf8', 0, end);
        this.#waiting = this.#waiting.subarray(end + headEnd.length);
        return head;
      }
      if (this.#waiting.length > headBytesMaximum) throw malformed('the head of a part is too long');
      await this.#fill();
    }
  }

  /** The bytes up to the next delimiter, which is taken away. */
  async *body(): AsyncGenerator<Buffer> {
    while (!this.#isAtDelimiter) {
      const at = this.#waiting.indexOf(this.#delimiter);
      const end = at >= 0 ? at : Math.max(0, this.#waiting.length - this.#delimiter.length);
      const ready = this.#waiting.subarray(0, end);
      this.#isAtDelimiter = at >= 0;
      this.#waiting = this.#waiting.subarray(at >= 0 ? at + this.#delimiter.length : end);
      if (ready.length > 0) yield ready;
      if (at < 0) await this.#fill();
    }
  }

  async #need(bytes: number): Promise<void> {
    while (this.#waiting.length < bytes) await this.#fill();
  }

  async #fill(): Promise<void> {
    const next = await this.#chunks.next();
    if (next.done) throw malformed('it ends before its last delimiter');
    this.#waiting = Buffer.concat([this.#waiting, next.value]);
  }
}
