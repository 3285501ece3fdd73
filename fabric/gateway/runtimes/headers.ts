/**
 * Headers of a call: the skill's `headers.<name>` properties, then those of the request that the agent lets through,
 * which win.
 */
import { isHeaderValue } from '../../../world/network.ts';
import type { Message } from './runtime.ts';

/** Such headers belong to the connection or to Fabric, and nobody's document may set them. */
const reserved = /^(host|connection|content-length|transfer-encoding|upgrade|te|trailer|keep-alive|proxy-.*)$/;

export function callHeaders({ properties, headers }: Message, ours: Readonly<Record<string, string>>) {
  const prefix = 'headers.';
  const own = Object.entries(properties)
    .filter(([name]) => name.startsWith(prefix))
    .map(([name, value]) => [name.slice(prefix.length).toLowerCase(), String(value)] as const);
  const entries = [...Object.entries(ours), ...own, ...Object.entries(headers)];
  return Object.fromEntries(entries.filter(([name, value]) => isPossible(name, value)));
}

function isPossible(name: string, value: string): boolean {
  return /^[!#$%&'*+.^_`|~0-9a-z-]+$/.test(name) && !reserved.test(name) && isHeaderValue(value);
}
