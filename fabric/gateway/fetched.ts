/** What a request of the gateway's own came to: the text of an answer, or why there is none. */

/** Error, and its reason: `fetch` says `fetch failed` and keeps that in `cause`. */
export function fetchFault(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message} (${error.cause.message})` : error.message;
}

/** The whole body as text. Rejects when it is larger than `bytesMaximum`. */
export async function boundedText(body: AsyncIterable<Uint8Array> | null, bytesMaximum: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body ?? []) {
    bytes += chunk.length;
    if (bytes > bytesMaximum) throw new Error(`the answer is larger than ${bytesMaximum} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
