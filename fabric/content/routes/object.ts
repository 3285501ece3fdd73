/** What requests for one object say of it, and what answers tell of it in their heads. */
import { checkedKey, checkedName, decodePath, type HttpContext, pathOf } from '../../http/index.ts';
import type { BlobInfo } from '../blobs/blobs.ts';

export const base = '/fabric/v4/projects/:project/content';
export const defaultType = 'application/octet-stream';
export const typeLengthMaximum = 1024;

export function projectOf(context: HttpContext): string {
  return checkedName('project', context.req.param('project') ?? '');
}

/**
 * The key behind `/content/`, from the path as it was sent: slashes are raw, and a stray `%` is no error (contract
 * 2.4).
 */
export function keyOf(context: HttpContext): string {
  const [, key = ''] = /^\/fabric\/v4\/projects\/[^/]+\/content\/(.*)$/.exec(pathOf(context.env.request.url)) ?? [];
  return checkedKey(decodePath(key));
}

/** Whether the content type can be sent with the object again. */
export function isSendableType(type: string): boolean {
  return type.length <= typeLengthMaximum && /^[\x20-\x7e]+$/.test(type);
}

/** The checksum as RFC 9530 writes it; nothing for what grows. */
export function digestHeader({ sha256 }: BlobInfo): Record<string, string> {
  if (sha256 === undefined) return {};
  return { 'repr-digest': `sha-256=:${Buffer.from(sha256, 'hex').toString('base64')}:` };
}
