/** Keys of content, as users write them. */
import type { GatewayClient } from '../../gateway/client.ts';

/** The path of an object; slashes before its key do not count (contract 3.11). */
export function pathOfKey(gateway: GatewayClient, key: string): string {
  return gateway.inProject('content', ...withoutSlashes(key).split('/'));
}

export function withoutSlashes(key: string): string {
  return key.replace(/^\/+/, '');
}
