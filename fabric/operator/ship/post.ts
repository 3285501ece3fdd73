/** A POST of bytes that lie in a buffer to be used again: sent as they are, where `fetch` would copy them. */
import { startExchange } from '../../../kubernetes/exchange.ts';
import type { World } from '../../../world/world.ts';

export interface PostAnswer {
  readonly status: number;
  readonly text: string;
}

/** The whole answer, whatever its status. Rejects when the network fails, or with the signal's reason. */
export function post(
  world: World,
  url: string,
  headers: Readonly<Record<string, string>>,
  body: Buffer,
  signal: AbortSignal,
): Promise<PostAnswer> {
  const { origin, pathname, search } = new URL(url);
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const chunks: Buffer[] = [];
    let status = 0;
    const dispatcher = world.network.dispatcher();
    const leave = () => {
      exchange.cancel();
      reject(signal.reason);
    };
    const exchange = startExchange(
      { dispatcher, origin, method: 'POST', path: pathname + search, headers, body },
      {
        head(code) {
          status = code;
        },
        data: (chunk) => void chunks.push(chunk),
        ended() {
          signal.removeEventListener('abort', leave);
          resolve({ status, text: Buffer.concat(chunks).toString('utf8') });
        },
        failed(error) {
          signal.removeEventListener('abort', leave);
          reject(error);
        },
      },
    );
    signal.addEventListener('abort', leave, { once: true });
  });
}
