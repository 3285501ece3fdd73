/** Where a server is, and single requests to it, for what is prepared and not measured. */
import { errors, Pool } from 'undici';

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
    // A machine that others use as well may be slow to answer.
    connect: { rejectUnauthorized: false, timeout: 60_000 },
  });
}

export function headersOf(target: Target, contentType = 'application/json'): Record<string, string> {
  return { authorization: `Bearer ${target.token}`, accept: 'application/json', 'content-type': contentType };
}

export type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';

const attempts = 4;

/**
 * The answer's text. Fails for any status of 300 and more, except 409 AlreadyExists, and when the connection is lost
 * four times: on a machine that others use as well it is, now and then, and what is prepared has to be there in the
 * end.
 */
export async function ask(pool: Pool, target: Target, method: Method, path: string, body?: object): Promise<string> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await askOnce(pool, target, method, path, body);
    } catch (error) {
      if (!(error instanceof errors.UndiciError)) throw error;
      if (attempt === attempts) throw new Error(`${method} ${target.url}${path}: ${error.message}`, { cause: error });
    }
  }
}

async function askOnce(pool: Pool, target: Target, method: Method, path: string, body?: object): Promise<string> {
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
