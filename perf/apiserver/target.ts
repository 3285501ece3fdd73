/** Where a server is, and single requests to it, for what is prepared and not measured. */
import { Pool } from 'undici';

export interface Target {
  readonly url: string;
  /** An administrator's. */
  readonly token: string;
}

/** HTTP/1.1 with TLS, as autocannon speaks; streams may be silent. */
export function poolOf(target: Target, connections: number): Pool {
  return new Pool(target.url, {
    connections,
    allowH2: false,
    bodyTimeout: 0,
    headersTimeout: 0,
    connect: { rejectUnauthorized: false },
  });
}

export function headersOf(target: Target, contentType = 'application/json'): Record<string, string> {
  return { authorization: `Bearer ${target.token}`, accept: 'application/json', 'content-type': contentType };
}

export type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';

/** The answer's text. Fails for any status of 300 and more, except 409 AlreadyExists. */
export async function ask(pool: Pool, target: Target, method: Method, path: string, body?: object): Promise<string> {
  const type = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json';
  const answer = await pool.request({
    method,
    path,
    headers: headersOf(target, type),
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.body.text();
  if (answer.statusCode < 300 || text.includes('"reason":"AlreadyExists"')) return text;
  throw new Error(`${method} ${target.url}${path}: ${answer.statusCode} ${text}`);
}

/** Runs the tasks, so many at a time, in their order. */
export async function inTurn(count: number, atOnce: number, task: (index: number) => Promise<unknown>): Promise<void> {
  let next = 0;
  const worker = async () => {
    while (next < count) await task(next++);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}
