/** Who is asking. Until tokens are judged there is one authenticator, `none`, and start-up shows it. */
import type { HttpRequest } from '../../world/network.ts';

export interface Caller {
  /** Written into records as `username`. */
  readonly username: string;
}

export interface Authenticator {
  /** Shown at start-up. */
  readonly name: string;
  authenticate(request: HttpRequest): Promise<Caller>;
}

/** Lets everybody in, under one name. For loopback addresses only. */
export const noAuthenticator: Authenticator = {
  name: 'none',
  authenticate: async () => ({ username: 'anonymous' }),
};
