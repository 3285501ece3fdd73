/**
 * A service in the cluster as it is reached by the API server's proxy: no port of this machine, no route into the
 * cluster, and answers as long or slow as the service makes them. What the proxy itself answers is told apart from what
 * the service does.
 */

import { proxiedAuthorizationHeader } from '../../../../fabric/identity/bearer.ts';
import { type ClusterAccess, credentialsOf, serverOf } from '../../../../kubernetes/cluster-access.ts';
import type { Status } from '../../../../kubernetes/objects.ts';
import { resourcePath, services } from '../../../../kubernetes/resources.ts';
import { deadlineSignal } from '../../../../world/clock.ts';
import type { World } from '../../../../world/world.ts';
import type { FabricService, GatewayAccess } from '../../environment.ts';
import { answerOf } from '../../sim/access.ts';

const DEADLINE_MS = 60_000;

/** The request did not come to the service; `code` is the HTTP status of whoever stopped it. */
export class ServiceNotReachedError extends Error {
  override readonly name = 'ServiceNotReachedError';
  readonly service: FabricService;
  readonly namespace: string;
  readonly code: number;
  readonly remedy: string;

  constructor(service: FabricService, namespace: string, { code = 0, reason, message = '' }: Status) {
    const remedy = remedyOf(namespace, service, reason);
    super(`the API server does not reach ${service} in ${namespace}: ${code} ${message}\nwhat to do: ${remedy}`);
    this.service = service;
    this.namespace = namespace;
    this.code = code;
    this.remedy = remedy;
  }
}

function remedyOf(namespace: string, service: FabricService, reason: string | undefined): string {
  if (reason === 'Forbidden')
    return `ask for the verbs get and create on services/proxy in ${namespace}, or give --host`;
  return `look at its pod: kubectl -n ${namespace} get pods; kubectl -n ${namespace} logs deployment/${service}; network policies of the cluster may keep the API server out: --host`;
}

/**
 * Access to the port `http` of a Service. `authorization` is for the Service: that for the API server is in `access`.
 * Rejects with ServiceNotReachedError, or with the network's error towards the API server.
 */
export function proxiedAccess(
  world: World,
  access: ClusterAccess,
  namespace: string,
  service: FabricService,
  authorization?: () => string,
): GatewayAccess {
  const { origin, prefix } = serverOf(access);
  const url = `${origin}${prefix}${resourcePath(services, namespace)}/${service}:http/proxy`;
  return {
    url,
    async fetch(path, { method = 'GET', body, headers: own } = {}) {
      const { headers, tls } = await credentialsOf(access);
      const deadline = deadlineSignal(world.clock, DEADLINE_MS, `${method} ${service}${path}`);
      try {
        const response = await world.network.fetch(`${url}${path}`, {
          method,
          headers: {
            ...headers,
            'content-type': 'application/json',
            ...(authorization ? { [proxiedAuthorizationHeader]: authorization() } : {}),
            ...own,
          },
          dispatcher: world.network.dispatcher(tls),
          signal: deadline.signal,
          ...(body === undefined ? {} : { body }),
        });
        const answer = await answerOf(response);
        const refused = statusIn(answer.status, answer.text);
        if (refused) throw new ServiceNotReachedError(service, namespace, refused);
        return answer;
      } finally {
        deadline.clear();
      }
    },
  };
}

/** A Status of Kubernetes: Fabric’s services answer errors in a form of their own (contract 2). */
function statusIn(code: number, text: string): Status | undefined {
  if (code < 400 || !text.startsWith('{')) return undefined;
  try {
    const parsed = JSON.parse(text) as Status;
    return parsed.kind === 'Status' && parsed.apiVersion === 'v1' ? { ...parsed, code } : undefined;
  } catch {
    return undefined;
  }
}
