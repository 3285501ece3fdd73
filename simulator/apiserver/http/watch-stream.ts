/** A watch as a chunked answer: one JSON document a line. */
import { Joined } from '../../../world/joined.ts';
import type { HttpResponse } from '../../../world/network.ts';
import type { Resource } from '../kinds/resource.ts';
import { viewOf } from '../operations/list.ts';
import type { Entry } from '../storage/entry.ts';
import { wholeBookmark } from '../watch/events.ts';
import type { Watch, WatchedChange, WatchSink } from '../watch/watch.ts';
import { warningHeaders } from './warnings.ts';

/** Text of the object in an event; `first` for the first event of the stream. */
export type EventText = (entry: Entry, first: boolean) => Buffer;

const lineEnd = Buffer.from('}\n');
const prefixes = {
  ADDED: Buffer.from('{"type":"ADDED","object":'),
  MODIFIED: Buffer.from('{"type":"MODIFIED","object":'),
  DELETED: Buffer.from('{"type":"DELETED","object":'),
};

/** Watches on the same things send the same, one after another. */
const joined = new Joined();

/** Writes events as the client takes them: while it has no room the watch is paused. */
export class WatchStream implements WatchSink {
  readonly #response: HttpResponse;
  readonly #resource: Resource;
  readonly #text: EventText;
  #watch: Watch | undefined;
  #first = true;

  constructor(response: HttpResponse, resource: Resource, text: EventText) {
    this.#response = response;
    this.#resource = resource;
    this.#text = text;
  }

  /** Sends the head and starts the watch; `gone` is aborted when the client has left. */
  run(watch: Watch, gone: AbortSignal): void {
    this.#watch = watch;
    const { deprecation } = this.#resource;
    this.#response.head(200, {
      'content-type': 'application/json',
      'cache-control': 'no-cache, private',
      ...(deprecation === undefined ? {} : { warning: warningHeaders([deprecation]) }),
    });
    gone.addEventListener('abort', () => watch.stop(false), { once: true });
    watch.start();
  }

  changes(changes: readonly WatchedChange[]): void {
    const parts: Buffer[] = [];
    for (const { type, entry } of changes) {
      parts.push(prefixes[type], this.#text(viewOf(this.#resource, entry), this.#first), lineEnd);
      this.#first = false;
    }
    this.#write(joined.join(parts));
  }

  bookmark(version: number, initialEnd: boolean): void {
    this.#write(eventLine('BOOKMARK', wholeBookmark(this.#resource, version, initialEnd)));
  }

  error(status: object): void {
    this.#write(eventLine('ERROR', status));
  }

  end(cut: boolean): void {
    if (cut) this.#response.reset();
    else this.#response.end();
  }

  #write(bytes: Uint8Array): void {
    if (this.#response.write(bytes)) return;
    this.#watch?.pause();
    void this.#response.drained().then(() => this.#watch?.resume());
  }
}

function eventLine(type: string, object: object): Buffer {
  return Buffer.from(`${JSON.stringify({ type, object })}\n`);
}
