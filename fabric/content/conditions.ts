/** Conditional requests (RFC 9110 13): whether what the client knows, or demands, is what is there. */
import type { BlobInfo } from './blobs/blobs.ts';

type Headers = Readonly<Record<string, string>>;
type Version = Pick<BlobInfo, 'etag' | 'modifiedAt'>;

export type Judgement = 'go on' | 'not modified' | 'failed';

/**
 * Of a GET or HEAD, in the order of RFC 9110 13.2.2. What is no date or list of tags counts as if it were not there.
 */
export function judge(headers: Headers, version: Version): Judgement {
  if (headers['if-match'] !== undefined) {
    if (!lists(headers['if-match'], version.etag, isSame)) return 'failed';
  } else if (isLater(version, headers['if-unmodified-since']) === true) return 'failed';
  if (headers['if-none-match'] !== undefined) {
    return lists(headers['if-none-match'], version.etag, isSameWeakly) ? 'not modified' : 'go on';
  }
  return isLater(version, headers['if-modified-since']) === false ? 'not modified' : 'go on';
}

/** Whether a range is of the version that the client has (RFC 9110 13.1.5). `now` is epoch ms. */
export function isRangeOf(condition: string | undefined, version: Version, now: number): boolean {
  if (condition === undefined) return true;
  if (condition.includes('"')) return isSame(condition.trim(), version.etag);
  // A date names one version only when none can have followed within its second.
  const modified = wholeSeconds(version.modifiedAt);
  return Date.parse(condition) === modified && wholeSeconds(now) > modified;
}

function lists(header: string, etag: string, matches: (tag: string, etag: string) => boolean): boolean {
  if (header.trim() === '*') return true;
  return (header.match(/(?:W\/)?"[^"]*"/g) ?? []).some((tag) => matches(tag, etag));
}

function isSame(tag: string, etag: string): boolean {
  return tag === etag;
}

function isSameWeakly(tag: string, etag: string): boolean {
  return tag.replace(/^W\//, '') === etag;
}

/** Undefined when the header is absent or no date. */
function isLater({ modifiedAt }: Version, date: string | undefined): boolean | undefined {
  const at = Date.parse(date ?? '');
  return Number.isNaN(at) ? undefined : wholeSeconds(modifiedAt) > at;
}

function wholeSeconds(epochMs: number): number {
  return Math.floor(epochMs / 1000) * 1000;
}
