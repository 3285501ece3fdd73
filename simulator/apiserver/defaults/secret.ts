/** Defaults of Secrets; and `stringData`, which is a way of writing `data`, not a member of its own. */
import type { Secret } from '../../../kubernetes/objects.ts';

export function defaultSecret(secret: Secret): Secret {
  const { stringData, ...rest } = secret;
  const encoded = Object.entries(stringData ?? {}).map(([key, text]) => [key, Buffer.from(text).toString('base64')]);
  return {
    ...rest,
    ...(encoded.length > 0 ? { data: { ...secret.data, ...Object.fromEntries(encoded) } } : {}),
    type: secret.type || 'Opaque',
  };
}
