/** `orrery token`: a bearer token out of a personal access token file, for curl and its like. */
import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { KeyFormatError, type SigningKey, signingKey } from '../../../fabric/identity/key.ts';
import { bearerToken, isTokenFile, type PersonalAccessToken } from '../../../fabric/identity/personal-access-token.ts';
import { realClock } from '../../../world/real/clock.ts';
import { positiveDuration } from '../numbers.ts';

/** Thrown when the file is no personal access token. */
export class TokenFileError extends Error {
  override readonly name = 'TokenFileError';

  constructor(file: string, why: string) {
    super(`${file} is no personal access token: ${why}`);
  }
}

export function tokenCommand(): Command {
  return new Command('token')
    .description('print a bearer token for the gateway, made from a personal access token file')
    .requiredOption('--file <file>', 'the file: `orrery up` and `npm run kind:up` say where theirs is')
    .option('--ttl <duration>', 'how long it is valid: 10m, 24h', positiveDuration, positiveDuration('24h'))
    .action(({ file, ttl }: { file: string; ttl: number }) => {
      const document = readTokenFile(file);
      process.stdout.write(`${bearerToken(document, keyIn(document, file), realClock.now(), ttl)}\n`);
    });
}

/** The file's document. Throws TokenFileError. */
export function readTokenFile(file: string): PersonalAccessToken {
  try {
    const value: unknown = JSON.parse(readFileSync(file, 'utf8'));
    if (isTokenFile(value)) return value;
  } catch (error) {
    throw new TokenFileError(file, error instanceof Error ? error.message : String(error));
  }
  throw new TokenFileError(file, 'it must have url, username, issuer, audience and jwk');
}

function keyIn({ jwk }: PersonalAccessToken, file: string): SigningKey {
  try {
    return signingKey(jwk);
  } catch (error) {
    if (error instanceof KeyFormatError) throw new TokenFileError(file, `jwk: ${error.message}`);
    throw error;
  }
}
