/** With what `fabric` ends, so that scripts can tell what happened. The one table; docs/cli.md shows it. */
export const exitCodes = {
  done: { code: 0, meaning: 'Done.' },
  failed: { code: 1, meaning: 'The gateway refused it, or what was waited for has failed.' },
  usage: { code: 2, meaning: 'The command line or a file that it names is wrong: nothing was asked.' },
  unreachable: { code: 3, meaning: 'The gateway cannot be reached, or does not answer.' },
  identity: { code: 4, meaning: 'No profile or token is configured, or the gateway does not take it.' },
  notFound: { code: 5, meaning: 'What is named is not there.' },
} as const;

export type ExitReason = keyof typeof exitCodes;
