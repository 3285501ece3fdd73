/**
 * Which URLs a client may make the gateway ask: an external API's, a callback's. It stands inside the cluster, where it
 * reaches what the client does not: so no internal name, no address of this machine or of a private network, unless the
 * operator of the gateway allows that host (server-side request forgery, OWASP).
 */
import { isAddress, isInsideAddress } from './addresses.ts';

/**
 * Names that are resolved inside a cluster or on a machine only: single labels and special-use domains (RFC 6761, 6762,
 * 8375).
 */
const insideName = /^[^.]*$|\.(svc|local|localhost|localdomain|internal|intranet|lan|home|corp|private|arpa)$/;

/**
 * Why the gateway does not ask that URL; undefined when it does. `allowed`: hosts, with or without a port, that are
 * excepted.
 */
export function outwardFault(text: string, allowed: ReadonlySet<string>): string | undefined {
  if (!URL.canParse(text)) return `${JSON.stringify(text.slice(0, 200))} is no URL`;
  const { protocol, hostname, host, username, password } = new URL(text);
  if (protocol !== 'http:' && protocol !== 'https:') return `only http and https are possible, not ${protocol}`;
  if (username !== '' || password !== '') return 'a URL must not hold a user or a password';
  if (isExcepted(text, allowed)) return undefined;
  const bare = hostname
    .replace(/^\[|\]$/g, '')
    .replace(/\.$/, '')
    .toLowerCase();
  const isInside = !isAddress(bare) ? insideName.test(bare) : isInsideAddress(bare);
  if (!isInside) return undefined;
  return `${host} is inside: of this machine, a private network or the cluster; the gateway's --allow-outward excepts hosts`;
}

/** Whether the operator of the gateway has excepted the URL's host. */
export function isExcepted(url: string, allowed: ReadonlySet<string>): boolean {
  const { protocol, hostname, port } = new URL(url);
  return allowed.has(hostname) || allowed.has(`${hostname}:${port || (protocol === 'https:' ? '443' : '80')}`);
}

/**
 * A host that can be excepted: a name or an address, IPv6 ones in brackets, with a port or without, in small letters.
 */
export function isAllowedOutwardHost(text: string): boolean {
  return /^(\[[0-9a-f:.]+\]|[a-z0-9]([a-z0-9._-]*[a-z0-9])?)(:\d{1,5})?$/.test(text) && URL.canParse(`http://${text}`);
}
