/**
 * `multipart/form-data` as it streams in (RFC 7578), taken apart by Dicer of `@fastify/busboy`: one part after the
 * other, in memory bounded by a few chunks. Dicer and not Busboy above it, which forgets the parameters of a part's
 * content type.
 */
import { once } from 'node:events';
import { Readable } from 'node:stream';
import { Dicer } from '@fastify/busboy';
import { Problem } from '../http/index.ts';

export interface FormPart {
  readonly name: string;
  readonly contentType?: string;
  /** What is not read of it before the next part is asked for is skipped. */
  readonly body: AsyncIterable<Buffer>;
}

type PartHeaders = Readonly<Record<string, readonly string[]>>;

interface Arrived {
  readonly headers: PartHeaders;
  readonly stream: Readable;
}

const headersMaximum = 100;

/** The boundary that a content type names; undefined when it is no multipart form. */
export function boundaryOf(contentType: string | undefined): string | undefined {
  if (!contentType || !/^multipart\/form-data\b/i.test(contentType)) return undefined;
  const found = /boundary=(?:"([^"]+)"|([^;\s]+))/i.exec(contentType);
  return found?.[1] ?? found?.[2];
}

/** The parts of a form; ends when the whole stream was read. A malformed body is a 400. */
export async function* readForm(stream: AsyncIterable<Buffer>, boundary: string): AsyncGenerator<FormPart> {
  const form = new Form(boundary);
  const ended = new AbortController();
  void form.feed(stream, ended.signal);
  try {
    for await (const { headers, stream: body } of form.parts as AsyncIterable<Arrived>) {
      yield { ...described(headers), body: form.bodyOf(body) };
      if (!body.readableEnded && !body.destroyed) body.resume();
    }
  } finally {
    ended.abort();
  }
}

/** Dicer's events as streams that end, or break, together. */
class Form {
  /** Of `Arrived`. */
  readonly parts = new Readable({ objectMode: true, read: () => undefined });
  readonly #dicer: Dicer;
  readonly #finished: Promise<void>;
  #current: Readable | undefined;
  #failure: unknown;

  constructor(boundary: string) {
    this.#dicer = new Dicer({ boundary, maxHeaderPairs: headersMaximum });
    this.#dicer.on('part', (part) => {
      this.#current = part;
      part.on('error', () => undefined);
      part.once('header', (headers) => this.parts.push({ headers, stream: part }));
    });
    // Said by Dicer itself behind the last delimiter, when the parts have been read; not by its being a stream that was
    // ended.
    this.#finished = new Promise((resolve) => this.#dicer.once('finish', resolve));
    this.#dicer.on('error', () => this.#fail(malformed('it ends before its last delimiter')));
    this.parts.on('error', () => undefined);
  }

  /** Writes all of the stream into the form, as fast as its parts are read. */
  async feed(stream: AsyncIterable<Buffer>, signal: AbortSignal): Promise<void> {
    const dicer = this.#dicer;
    try {
      for await (const chunk of stream) {
        // Behind the last delimiter there may be an epilogue, which nobody reads.
        if (dicer.writable && !dicer.write(chunk)) await once(dicer, 'drain', { signal });
        signal.throwIfAborted();
      }
      dicer.end();
      await this.#finished;
      if (this.#failure === undefined) this.parts.push(null);
    } catch (error) {
      this.#fail(error);
    }
  }

  async *bodyOf(part: Readable): AsyncGenerator<Buffer> {
    try {
      yield* part;
    } catch (error) {
      throw this.#failure ?? error;
    }
  }

  #fail(error: unknown): void {
    this.#failure ??= error;
    const failure = asError(this.#failure);
    this.#current?.destroy(failure);
    this.parts.destroy(failure);
  }
}

function described(headers: PartHeaders): Omit<FormPart, 'body'> {
  const name = parameter(text(headers['content-disposition']) ?? '', 'name');
  if (name === undefined) throw malformed('a part has no name');
  return { name, contentType: text(headers['content-type'])?.trim() };
}

/** Dicer gives bytes as characters. */
function text(values: readonly string[] | undefined): string | undefined {
  return values?.[0] === undefined ? undefined : Buffer.from(values[0], 'latin1').toString('utf8');
}

function parameter(disposition: string, name: string): string | undefined {
  const found = new RegExp(`[;\\s]${name}=(?:"((?:[^"\\\\]|\\\\.)*)"|([^;\\s]*))`, 'i').exec(disposition);
  return found?.[1]?.replace(/\\(.)/g, '$1') ?? found?.[2];
}

function malformed(why: string): Problem {
  return new Problem(400, 'malformed-form', `the form is malformed: ${why}`);
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
