/**
 * Keeps web pages out of services that trust whoever reaches them. A browser sends what a page tells it to, also to
 * this machine: so a request is taken only under a name that no page can be served from (a name of the attacker's may
 * be made to mean 127.0.0.1 while his page is open), and not from a page of another origin. Headers that a proxy adds
 * (`X-Forwarded-Host`) are never looked at, and no answer allows another origin to read it: there are no CORS headers
 * here.
 */
import type { HttpHandler, HttpRequest, HttpResponse } from './network.ts';

/** Who may ask a service. */
export interface Visitors {
  /**
   * Names, without ports, under which it may be asked, besides those of this machine: `gateway.fabric.svc`, `10.1.2.3`,
   * `fd00::7`.
   */
  readonly hosts: readonly string[];
  /** Which requests a page of another origin may not send: those that change something, or every one. */
  readonly ownOriginFor: 'changes' | 'everything';
  /** Paths that may be asked under any name: whoever probes health knows an address only. */
  readonly probes: readonly string[];
}

/** Why a request is not taken. */
export interface Refusal {
  readonly status: 400 | 403;
  readonly reason: 'no-host' | 'foreign-host' | 'foreign-origin';
  readonly message: string;
}

const reading = new Set(['GET', 'HEAD', 'OPTIONS']);

/** The handler behind the check; `answer` writes a refusal in the service's own form. */
export function visited(
  handler: HttpHandler,
  visitors: Visitors,
  answer: (refusal: Refusal, response: HttpResponse) => void,
): HttpHandler {
  const own = new Set(visitors.hosts.map(nameOf));
  return (request, response) => {
    const refusal = refusalOf(request, visitors, own);
    if (!refusal) return handler(request, response);
    answer(refusal, response);
    // A client that is still sending would not get to the answer otherwise.
    return request.bytes(0).then(
      () => undefined,
      () => undefined,
    );
  };
}

function refusalOf(request: HttpRequest, visitors: Visitors, own: ReadonlySet<string>): Refusal | undefined {
  const { method, headers, url } = request;
  const host = placeOf(`http://${headers.host ?? ''}`);
  const isProbe = reading.has(method) && visitors.probes.includes(url.replace(/\?.*$/s, ''));
  if (!isProbe) {
    if (!host) return noHost(headers.host);
    if (!isOwn(host.name, own)) return foreignHost(host.name);
  }
  const { origin } = headers;
  if (origin === undefined || (visitors.ownOriginFor === 'changes' && reading.has(method))) return undefined;
  return isOwnOrigin(origin, headers.host ?? '', own) ? undefined : foreignOrigin(origin);
}

interface Place {
  readonly name: string;
  readonly port: string;
}

/**
 * Name and port of an origin; the port as a text, of its scheme when it names none. Undefined when the text is no
 * origin.
 */
function placeOf(origin: string): Place | undefined {
  if (!/^https?:\/\/[^/?#@\\\s]+$/i.test(origin) || !URL.canParse(origin)) return undefined;
  const { hostname, port, protocol } = new URL(origin);
  return { name: hostname.replace(/\.$/, ''), port: port || (protocol === 'https:' ? '443' : '80') };
}

/** Whether the text is a name or an address without a port. */
export function isHostName(text: string): boolean {
  return /^[^\s:,]+$|^\[?[0-9a-f:.]+\]?$/i.test(text) && placeOf(`http://${bracketed(text)}`) !== undefined;
}

/** A name as `placeOf` has it; one that is none stays what it is, and matches nothing. */
function nameOf(host: string): string {
  return placeOf(`http://${bracketed(host)}`)?.name ?? host;
}

function bracketed(host: string): string {
  return host.includes(':') && !host.startsWith('[') ? `[${host}]` : host;
}

function isOwn(name: string, own: ReadonlySet<string>): boolean {
  return isLoopback(name) || own.has(name);
}

/** Names that mean this machine in every browser, whoever is asked for them (RFC 6761 6.3). */
function isLoopback(name: string): boolean {
  return name === 'localhost' || name.endsWith('.localhost') || name === '[::1]' || /^127(\.\d{1,3}){3}$/.test(name);
}

/**
 * The service's own pages, under the name that they were asked by or another of this machine, and those of the names
 * that it was given.
 */
function isOwnOrigin(origin: string, host: string, own: ReadonlySet<string>): boolean {
  const page = placeOf(origin);
  // A default port that `Host` leaves out is that of the page's scheme: a proxy in front may speak TLS.
  const asked = placeOf(`${origin.slice(0, origin.indexOf(':'))}://${host}`);
  if (!page || !asked) return false;
  if (own.has(page.name)) return true;
  const isSameName = page.name === asked.name || (isLoopback(page.name) && isLoopback(asked.name));
  return isSameName && page.port === asked.port;
}

function noHost(given: string | undefined): Refusal {
  const what = given === undefined ? 'the request names no host' : `${JSON.stringify(given)} is no host`;
  return { status: 400, reason: 'no-host', message: `${what}: send a Host header` };
}

function foreignHost(name: string): Refusal {
  const message = `the service is not asked under the name ${JSON.stringify(name)}: use 127.0.0.1 or localhost, or start it with --allow-host ${name}`;
  return { status: 403, reason: 'foreign-host', message };
}

function foreignOrigin(origin: string): Refusal {
  const message = `the request comes from a page of another origin, ${JSON.stringify(origin)}, which may not send it`;
  return { status: 403, reason: 'foreign-origin', message };
}
