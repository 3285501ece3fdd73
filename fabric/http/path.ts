/** Paths as they were sent: matched while still encoded, decoded without ever failing (contract 2.4). */
import { Problem } from './problem.ts';

/** The path of a URL, still encoded; doubled slashes at its start (a base URL that ended in one) count as one. */
export function pathOf(url: string): string {
  const schemeEnd = url.indexOf('://');
  const start = schemeEnd < 0 ? 0 : url.indexOf('/', schemeEnd + 3);
  const path = start < 0 ? '/' : url.slice(start);
  const end = path.search(/[?#]/);
  return (end < 0 ? path : path.slice(0, end)).replace(/^\/+/, '/');
}

/** The query of a URL without its `?`; empty when there is none. */
export function queryOf(url: string): string {
  const start = url.indexOf('?');
  return start < 0 ? '' : url.slice(start + 1);
}

/**
 * Decodes `%XX` where it gives UTF-8 and leaves everything else as it stands: a stray `%` is a percent sign, and `+` a
 * plus.
 */
export function decodePath(text: string): string {
  return text.replace(/(?:%[0-9A-Fa-f]{2})+/g, (escapes) => decodeRun(escapes));
}

function decodeRun(escapes: string): string {
  const bytes = Buffer.from(escapes.replaceAll('%', ''), 'hex');
  const text = bytes.toString('utf8');
  return Buffer.from(text, 'utf8').equals(bytes) ? text : escapes;
}

/**
 * Whether a segment is `.` or `..`, which no URL can carry: parsers resolve them away, written `%2E` too (WHATWG URL,
 * dot segments).
 */
export function isDotSegment(segment: string): boolean {
  return segment === '.' || segment === '..';
}

/**
 * The path of these decoded segments, each encoded: whatever one holds, it neither ends its segment nor climbs out of
 * it. All URLs of services are built so. A Problem (400) for a segment that no URL can carry.
 */
export function pathOfSegments(segments: readonly string[]): string {
  return segments.map((segment) => `/${encodedSegment(segment)}`).join('');
}

function encodedSegment(segment: string): string {
  if (!isDotSegment(segment) && segment.isWellFormed()) return encodeURIComponent(segment);
  throw new Problem(400, 'invalid-path', `${JSON.stringify(segment)} cannot stand in a path`);
}
