/** What managed content is started with. */
import type { World } from '../../world/world.ts';
import { Problem } from '../http/index.ts';
import type { Blobs } from './blobs/blobs.ts';
import type { Quotas } from './quotas/quota-blobs.ts';

export interface ContentOptions {
  readonly world: World;
  /** `host:port` to listen on. */
  readonly address: string;
  /**
   * Names under which it may be asked besides those of this machine. Give it wherever a browser could reach the
   * service, empty or not: web pages are kept out then. Absent: whoever reaches it may ask.
   */
  readonly hosts?: readonly string[];
  readonly blobs: Blobs;
  /** The internal credential, asked of every request; absent: everybody comes in. For loopback addresses only. */
  readonly credential?: string;
  /**
   * Seconds to live of objects whose key begins with the prefix, unless the request says otherwise: `{ 'tasks/':
   * 2_592_000 }`. The longest prefix wins.
   */
  readonly ttlSecondsByPrefix?: Readonly<Record<string, number>>;
  /** How much projects may hold; as much as there is room for unless given. */
  readonly quotas?: Quotas;
  /** How often expired objects are removed, ms; a minute unless given. */
  readonly sweepIntervalMs?: number;
}

/** The time to live of a new object: of the header `X-Content-TTL`, else of its prefix; undefined for ever. */
export function ttlSecondsOf(
  options: Pick<ContentOptions, 'ttlSecondsByPrefix'>,
  header: string | undefined,
  key: string,
): number | undefined {
  if (header !== undefined && header !== '') {
    if (!/^\d{1,12}$/.test(header) || Number(header) === 0) {
      throw new Problem(
        400,
        'invalid-ttl',
        `X-Content-TTL must be a whole number of seconds above 0, not ${JSON.stringify(header)}`,
      );
    }
    return Number(header);
  }
  const prefixes = Object.keys(options.ttlSecondsByPrefix ?? {}).filter((prefix) => key.startsWith(prefix));
  const longest = prefixes.sort((left, right) => right.length - left.length)[0];
  return longest === undefined ? undefined : options.ttlSecondsByPrefix?.[longest];
}
