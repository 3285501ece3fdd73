/**
 * The commands of `fabric users`: who the gateway takes the user for. Making users is the administrator's, in the
 * gateway's file of users.
 */

import { readToken } from '../../../identity/token.ts';
import type { Command } from '../../command.ts';
import { documentOptions, printDocument } from '../../lists.ts';

const tokenLifetimeMs = 60_000;

const describeUser: Command = {
  path: ['users', 'describe'],
  alias: 'get',
  summary: 'Tell who the configured user is, and whether the gateway lets him in',
  options: documentOptions,
  async run(call) {
    const gateway = await call.context.gateway();
    const token = await gateway.token(tokenLifetimeMs);
    const claims = token === undefined ? {} : (readToken(token)?.claims ?? {});
    // Any route tells; this one needs no project.
    await gateway.json('/fabric/v4/compatibility/applications/cortex-cli', { about: `user ${claims.sub ?? 'nobody'}` });
    await printDocument(call, {
      url: gateway.url,
      username: claims.sub ?? null,
      issuer: claims.iss,
      audience: claims.aud,
    });
  },
};

export const usersCommands: readonly Command[] = [describeUser];
