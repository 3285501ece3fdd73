/**
 * Who may use Fabric: the file of users, with the public keys of each and the projects that each may see. It is data of
 * whoever runs the gateway; nothing in Fabric writes it.
 *
 * ```json
 * {"users": [{"username": "a@b.c", "keys": [{"kty": "OKP", "crv": "Ed25519", "x": "..."}], "projects": ["proj1"]}]}
 * ```
 */
import { KeyFormatError, type VerifyingKey, verifyingKey } from './key.ts';

export interface User {
  readonly username: string;
  /** By `kid` as the file has it and by thumbprint. */
  readonly keys: ReadonlyMap<string, VerifyingKey>;
  /** `*` stands for all projects. */
  readonly projects: ReadonlySet<string>;
}

/** Users by name, and the owner of each key by `kid` and by thumbprint. */
export interface Users {
  readonly byName: ReadonlyMap<string, User>;
  readonly byKey: ReadonlyMap<string, User>;
}

/** Thrown when a file of users cannot be taken; `path` is the member that is wrong: `users[0].keys[1]`. */
export class UsersFormatError extends Error {
  override readonly name = 'UsersFormatError';
  readonly path: string;

  constructor(path: string, why: string) {
    super(`${path === '' ? 'the file of users' : path}: ${why}`);
    this.path = path;
  }
}

/** Reads a file of users. Throws UsersFormatError. */
export function parseUsers(text: string): Users {
  const byName = new Map<string, User>();
  const byKey = new Map<string, User>();
  for (const [index, entry] of entriesOf(text).entries()) {
    const user = userOf(entry, `users[${index}]`);
    if (byName.has(user.username))
      throw new UsersFormatError(`users[${index}].username`, 'this name stands there twice');
    byName.set(user.username, user);
    for (const id of user.keys.keys()) {
      if (byKey.has(id)) throw new UsersFormatError(`users[${index}].keys`, `key ${id} is another user's already`);
      byKey.set(id, user);
    }
  }
  return { byName, byKey };
}

function entriesOf(text: string): readonly unknown[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new UsersFormatError('', `is not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (!isObject(value) || !Array.isArray(value.users)) {
    throw new UsersFormatError('', 'must be an object with the member "users", an array');
  }
  checkMembers(value, ['users'], '');
  return value.users;
}

function userOf(value: unknown, path: string): User {
  if (!isObject(value)) throw new UsersFormatError(path, 'must be an object with "username", "keys" and "projects"');
  checkMembers(value, ['username', 'keys', 'projects'], path);
  const { username, keys, projects } = value;
  if (typeof username !== 'string' || username === '') {
    throw new UsersFormatError(`${path}.username`, 'must be a name: the claim "sub" of the user’s tokens');
  }
  if (!Array.isArray(keys) || keys.length === 0) {
    throw new UsersFormatError(`${path}.keys`, 'must be an array of public keys, with one at least');
  }
  if (!Array.isArray(projects) || projects.some((name) => typeof name !== 'string' || name === '')) {
    throw new UsersFormatError(`${path}.projects`, 'must be an array of names of projects, or ["*"] for all');
  }
  return { username, keys: keysOf(keys, path), projects: new Set(projects as string[]) };
}

function keysOf(values: readonly unknown[], path: string): ReadonlyMap<string, VerifyingKey> {
  return new Map(
    values.flatMap((value, index) => {
      const key = keyOf(value, `${path}.keys[${index}]`);
      const kid = (value as { kid?: string }).kid;
      return [[key.thumbprint, key] as const, ...(kid === undefined ? [] : [[kid, key] as const])];
    }),
  );
}

function keyOf(value: unknown, path: string): VerifyingKey {
  if (isObject(value) && Object.hasOwn(value, 'd')) {
    throw new UsersFormatError(path, 'holds a private half (d): write the public one alone');
  }
  try {
    return verifyingKey(value);
  } catch (error) {
    if (error instanceof KeyFormatError) throw new UsersFormatError(path, error.message);
    throw error;
  }
}

function checkMembers(value: object, known: readonly string[], path: string): void {
  const unknown = Object.keys(value).find((name) => !known.includes(name));
  if (unknown !== undefined) {
    throw new UsersFormatError(path, `has an unknown member "${unknown}": there are ${known.join(', ')}`);
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
