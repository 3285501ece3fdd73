/** What each client says of itself, and its tokens (contract 1.3). */
import type { SigningKey } from '../../fabric/identity/key.ts';
import type { PersonalAccessToken } from '../../fabric/identity/personal-access-token.ts';
import type { ClientName, Step } from './recording.ts';

const agents = {
  cli: 'cortex-cli/2.4.0 (linux; x64; 5.15.0; linux)',
  followed: 'got (https://github.com/sindresorhus/got)',
  graphql: 'node-fetch/1.0 (+https://github.com/bitinn/node-fetch)',
  curl: 'curl/8.5.0',
  sdk: 'cortex-python/6.4.0 (linux;64bit; 5.15.0)',
};
const lifetimeSeconds = 120;

/** No followed log has an Accept, and no answer to the SDK is asked for as anything. */
export function headersOf(client: ClientName, as: Step['as']): Record<string, string> {
  if (client === 'curl') return { 'user-agent': agents.curl, accept: '*/*' };
  if (client === 'sdk') return { 'user-agent': agents.sdk, 'accept-encoding': 'gzip, deflate', accept: '*/*' };
  const encodings = { 'accept-encoding': 'gzip, deflate, br' };
  if (as === 'follow') return { 'user-agent': agents.followed, ...encodings };
  if (as === 'graphql') return { 'user-agent': agents.graphql, accept: '*/*', ...encodings };
  if (as === 'content') return { 'user-agent': agents.cli, ...encodings };
  return { 'user-agent': agents.cli, accept: 'application/json', ...encodings };
}

/** The token that the client makes. `serverTs` and `now`: epoch ms of the server's clock and of its own. */
export function clientToken(
  client: ClientName,
  file: PersonalAccessToken,
  key: SigningKey,
  { serverTs, now }: { readonly serverTs: number; readonly now: number },
): string {
  const { username: sub, audience: aud, issuer: iss } = file;
  const [server, own] = [serverTs, now].map((ms) => Math.floor(ms / 1000)) as [number, number];
  const common = { sub, aud, iss };
  const parts =
    client === 'cli'
      ? [
          { alg: 'EdDSA', kid: file.jwk.kid },
          { ...common, iat: server, exp: server + lifetimeSeconds },
        ]
      : [
          { alg: 'EdDSA', typ: 'JWT', kid: key.thumbprint },
          { ...common, iat: own, nbf: own, exp: server + lifetimeSeconds, jti: 'a-token-of-the-sdk' },
        ];
  const signed = parts.map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
  return `${signed}.${Buffer.from(key.sign(signed)).toString('base64url')}`;
}
