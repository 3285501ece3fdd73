/** What a job or a daemon is given: the message of a call with the token and the endpoint (contract 4.3). */
import type { Gateway } from '../settings.ts';
import { messageToken } from './message-token.ts';
import type { Call } from './runtime.ts';

/**
 * Where clients inside a cluster expect Fabric (contract 3.13); without a port, or their calls for secrets and
 * connections break.
 */
export const apiEndpointDefault = 'http://cortex-internal.cortex.svc.cluster.local';

export function deliveredMessage(gateway: Gateway, { message, username }: Call, seconds?: number) {
  const { projectId, activationId } = message;
  const limit = seconds === undefined ? {} : { seconds };
  const token = messageToken(gateway, { username, project: projectId, activationId, ...limit });
  return { ...message, token, apiEndpoint: gateway.apiEndpoint };
}

/** What every container of a skill finds in its environment (contract 4.3, Decision). */
export function skillEnvironment(gateway: Pick<Gateway, 'apiEndpoint'>, project: string): Record<string, string> {
  return { CORTEX_PROJECT: project, CORTEX_URL: gateway.apiEndpoint };
}
