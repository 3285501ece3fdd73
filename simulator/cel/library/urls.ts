/** Kubernetes' library `url`. Source: Kubernetes' cel/library/urls.go; Go's net/url (ParseRequestURI, then Parse). */
import { fn, method, type Overload } from '../check/declarations.ts';
import { opaque } from '../check/types.ts';
import { sizeOf, traversal } from '../cost.ts';
import { EvaluationError } from '../errors.ts';
import { CelMap, Opaque, type Value } from '../values/value.ts';

export const URL_TYPE = opaque('kubernetes.URL');

interface Parts {
  readonly text: string;
  readonly scheme: string;
  readonly host: string;
  readonly path: string;
  readonly query: string;
}

class CelUrl extends Opaque {
  override readonly type = URL_TYPE;
  readonly parts: Parts;

  constructor(parts: Parts) {
    super();
    this.parts = parts;
  }

  override equals(other: Opaque): boolean {
    return other instanceof CelUrl && other.parts.text === this.parts.text;
  }
}

/** Why the text is no absolute URL or path, in Go's words; undefined when it is one. */
export function urlProblem(text: string): string | undefined {
  const refuse = (why: string): string => `parse ${JSON.stringify(text)}: ${why}`;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is refused
  if (/[\x00-\x1f\x7f]/.test(text)) return refuse('net/url: invalid control character in URL');
  if (text === '') return refuse('empty url');
  const scheme = /^([A-Za-z][A-Za-z0-9+.-]*):/.exec(text)?.[1];
  if (/^:/.test(text)) return refuse('missing protocol scheme');
  if (scheme === undefined && !text.startsWith('/')) return refuse('invalid URI for request');
  const rest = text.slice(scheme === undefined ? 0 : scheme.length + 1);
  if (scheme !== undefined && !rest.startsWith('/')) return undefined;
  const authority = /^\/\/([^/?]*)/.exec(rest)?.[1] ?? '';
  const isAuthority = scheme !== undefined || !rest.startsWith('///');
  const wrong = isAuthority ? authorityProblem(authority) : undefined;
  if (wrong !== undefined) return refuse(wrong);
  const wrongEscape = /%(?![0-9A-Fa-f]{2}).{0,2}/s.exec(rest.slice(authority.length).split('?')[0] ?? '')?.[0];
  return wrongEscape === undefined ? undefined : refuse(`invalid URL escape ${JSON.stringify(wrongEscape)}`);
}

function authorityProblem(authority: string): string | undefined {
  const host = authority.slice(authority.lastIndexOf('@') + 1);
  const bracket = /^\[[^\]]*\](.*)$/.exec(host);
  if (host.startsWith('[') && bracket === null) return "missing ']' in host";
  const port = bracket?.[1] ?? /(:.*)$/.exec(host)?.[1] ?? '';
  if (port !== '' && !/^:\d*$/.test(port)) return `invalid port ${JSON.stringify(port)} after host`;
  const character = bracket === null ? /[\s<>"{}|\\^`]/.exec(host)?.[0] : undefined;
  if (character !== undefined) return `invalid character ${JSON.stringify(character)} in host name`;
  return undefined;
}

function read(text: string): CelUrl {
  const wrong = urlProblem(text);
  if (wrong !== undefined) throw new EvaluationError(`URL parse error during conversion from string: ${wrong}`);
  const [whole = ''] = text.split('#');
  const [, scheme = '', rest = ''] = /^(?:([A-Za-z][A-Za-z0-9+.-]*):)?(.*)$/s.exec(whole) ?? [];
  const mark = rest.indexOf('?');
  const before = mark < 0 ? rest : rest.slice(0, mark);
  const [, authority, path = ''] = /^(?:\/\/([^/]*))?(.*)$/s.exec(before) ?? [];
  const host = (authority ?? '').slice((authority ?? '').lastIndexOf('@') + 1);
  // Without a slash the rest says nothing of a path: it is opaque.
  const isPath = authority !== undefined || path.startsWith('/');
  return new CelUrl({
    text,
    scheme: scheme.toLowerCase(),
    host: unescaped(host),
    path: isPath ? path : '',
    query: mark < 0 ? '' : rest.slice(mark + 1),
  });
}

function unescaped(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function hostname(host: string): string {
  return /^\[([^\]]*)\]/.exec(host)?.[1] ?? host.replace(/:\d*$/, '');
}

/** What Go leaves as it is in a path. */
function escapedPath(path: string): string {
  return path.replace(/%[0-9A-Fa-f]{2}|[^A-Za-z0-9\-_.~$&+,/:;=@!'()*]/gu, (part) =>
    part.length === 3 && part.startsWith('%') ? part : encodeURIComponent(part.toWellFormed()),
  );
}

function queryOf(query: string): CelMap {
  const found = new Map<string, Value[]>();
  for (const pair of query.split('&')) {
    const [, name = '', value = ''] = /^([^=]*)=?(.*)$/s.exec(pair) ?? [];
    const isWrong = pair === '' || pair.includes(';') || /%(?![0-9A-Fa-f]{2})/.test(pair);
    if (isWrong) continue;
    const key = unescaped(name.replaceAll('+', ' '));
    found.set(key, [...(found.get(key) ?? []), unescaped(value.replaceAll('+', ' '))]);
  }
  return CelMap.of(found);
}

const partsOf = (value: Value | undefined): Parts => (value as CelUrl).parts;
const parseCost = ([text = '']: readonly Value[]): number => traversal(sizeOf(text));
const U = 'kubernetes.URL';

export const urls: readonly Overload[] = [
  fn('url', `string -> ${U}`, ([text]) => read(text as string), parseCost),
  fn('isURL', 'string -> bool', ([text]) => urlProblem(text as string) === undefined, parseCost),
  method('getScheme', `${U} -> string`, ([url]) => partsOf(url).scheme),
  method('getHost', `${U} -> string`, ([url]) => partsOf(url).host),
  method('getHostname', `${U} -> string`, ([url]) => hostname(partsOf(url).host)),
  method('getPort', `${U} -> string`, ([url]) => /:(\d*)$/.exec(partsOf(url).host)?.[1] ?? ''),
  method('getEscapedPath', `${U} -> string`, ([url]) => escapedPath(partsOf(url).path)),
  method('getQuery', `${U} -> map<string, list<string>>`, ([url]) => queryOf(partsOf(url).query)),
];
