/** What the gateway is told of who may come in (contract 1). */
import type { SigningKey } from '../../identity/key.ts';
import type { UserDirectory } from '../../identity/user-directory.ts';

export interface Access {
  readonly users: UserDirectory;
  /** Signs the tokens inside messages to jobs and daemons (contract 4.4). */
  readonly own: SigningKey;
  /** Claim `iss` of every token. */
  readonly issuer: string;
  /** Claim `aud` of every token. */
  readonly audience: string;
  /** Of the operator, on internal routes; also sent to managed content. */
  readonly credential: string;
}
