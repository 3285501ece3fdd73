/** Puts secrets in the places of a connection that refer to them: texts `#SECURE.<key>`, at any depth. */
import { isObject } from '../../http/index.ts';

const reference = /^#SECURE\.(.+)$/s;

/** What `secretOf` gives for each key stands where the reference stood. Rejects with what `secretOf` throws. */
export async function withSecrets(value: unknown, secretOf: (key: string) => Promise<unknown>): Promise<unknown> {
  if (typeof value === 'string') {
    const key = reference.exec(value)?.[1];
    return key === undefined ? value : secretOf(key);
  }
  if (Array.isArray(value)) return Promise.all(value.map((each) => withSecrets(each, secretOf)));
  if (!isObject(value)) return value;
  const members = Object.entries(value).map(async ([name, member]) => [name, await withSecrets(member, secretOf)]);
  return Object.fromEntries(await Promise.all(members));
}
