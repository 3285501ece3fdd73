/** Server-sent events out of a body (HTML Living Standard, 9.2.6). */
export interface ServerEvent {
  /** Of this event or the last one that had any. */
  readonly id: string | undefined;
  readonly data: string;
}

/** Events as they come; comments and unknown fields are passed over, and an event that was cut off is none. */
export async function* eventsOf(body: AsyncIterable<unknown> | Iterable<unknown>): AsyncGenerator<ServerEvent> {
  let id: string | undefined;
  let data: string[] = [];
  for await (const line of linesOf(body)) {
    if (line === '') {
      if (data.length > 0) yield { id, data: data.join('\n') };
      data = [];
      continue;
    }
    const [field = '', value = ''] = line.split(/:(.*)/s);
    const text = value.startsWith(' ') ? value.slice(1) : value;
    if (field === 'data') data.push(text);
    else if (field === 'id') id = text;
  }
}

async function* linesOf(body: AsyncIterable<unknown> | Iterable<unknown>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of body) {
    rest += decoder.decode(chunk as Uint8Array, { stream: true });
    // A carriage return at the end may be the first half of one line break.
    const lines = rest.split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop() ?? '';
    yield* lines;
  }
}
