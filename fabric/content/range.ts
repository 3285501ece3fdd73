/** The `Range` header (RFC 9110 14): one range of bytes. Several ranges, other units and nonsense count as no range. */
import type { ByteRange } from './blobs/blobs.ts';

/** The range; undefined for the whole; 'unsatisfiable' when it begins behind the end. */
export function parseRange(header: string | undefined, sizeBytes: number): ByteRange | undefined | 'unsatisfiable' {
  const parts = /^bytes=(\d*)-(\d*)$/i.exec(header?.trim() ?? '');
  if (!parts) return undefined;
  const [, first = '', last = ''] = parts;
  if (first === '' && last === '') return undefined;
  if (first === '') {
    if (Number(last) === 0 || sizeBytes === 0) return 'unsatisfiable';
    return { start: Math.max(0, sizeBytes - Number(last)), end: sizeBytes };
  }
  const start = Number(first);
  if (last !== '' && Number(last) < start) return undefined;
  if (start >= sizeBytes) return 'unsatisfiable';
  return { start, end: last === '' ? sizeBytes : Math.min(sizeBytes, Number(last) + 1) };
}
