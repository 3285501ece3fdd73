/**
 * The key of a secret in a path. Its slashes come raw from the command line and encoded from the SDK (contract 2.4).
 */
import { decodePath, type HttpContext, pathOf } from '../../../http/index.ts';
import { checkedSecretKey } from '../../secrets/secrets.ts';

/** Throws the Problem `invalid-secret-key`. */
export function secretKeyOf(context: HttpContext): string {
  const [, key = ''] = /\/projects\/[^/]+\/secrets\/(.*)$/s.exec(pathOf(context.env.request.url)) ?? [];
  return checkedSecretKey(decodePath(key));
}
