/** The runtime `cortex/daemons`: a request to the Service of a daemon (contract 4.6). */
import { DeadlineExceededError, deadlineSignal } from '../../../../world/clock.ts';
import { isObject, jsonOrUndefined, pathOfSegments } from '../../../http/index.ts';
import { boundedText, fetchFault } from '../../fetched.ts';
import type { Gateway } from '../../settings.ts';
import { deliveredMessage } from '../delivered.ts';
import { callHeaders } from '../headers.ts';
import { daemonName } from '../names.ts';
import type { Call, Outcome, Runtime } from '../runtime.ts';
import { daemonPorts } from './resources.ts';

/** What a daemon is for: an answer in less than this (seeds, Build Daemons). */
const answerDeadlineMs = 30_000;
/** A daemon that has just been deployed, or restarts, is asked again. */
const retryMs = 500;
const answerBytesMaximum = 8 * 1024 * 1024;
const shownCharacters = 500;

export function daemonRuntime(gateway: Gateway): Runtime {
  return {
    canBeTakenUp: false,
    taskName: () => undefined,
    async run(call, isTakenUp, signal) {
      if (isTakenUp)
        return { error: 'the gateway ended while the daemon was asked: whether it has acted is not known' };
      const request = requestOf(gateway, call);
      if ('error' in request) return request;
      const deadline = deadlineSignal(gateway.world.clock, answerDeadlineMs, 'the daemon’s answer', signal);
      try {
        return await ask(gateway, request, deadline.signal);
      } catch (error) {
        if (signal.aborted) throw signal.reason;
        const why = error instanceof DeadlineExceededError ? error.message : fetchFault(error);
        return { error: `daemon ${request.url}: ${why}` };
      } finally {
        deadline.clear();
      }
    },
    stop: async () => undefined,
  };
}

interface DaemonRequest {
  readonly url: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Always to the daemon's own Service: a property chooses the path there and one of its ports, nothing else. */
function requestOf(gateway: Gateway, call: Call): DaemonRequest | { readonly error: string } {
  const { skill, action, message } = call;
  if (!action) return { error: 'the skill names no action' };
  const { properties, projectId } = message;
  const port = Number(properties['daemon.port'] ?? action.port ?? daemonPorts.default);
  const ports = daemonPorts.of(skill, action);
  if (!ports.includes(port)) {
    return {
      error: `daemon.port ${port} is none of the daemon's ports (${ports.join(', ')}): declare it in the skill`,
    };
  }
  const method = String(properties['daemon.method'] ?? 'POST').toUpperCase();
  if (!/^(GET|POST|PUT|PATCH|DELETE)$/.test(method)) return { error: `daemon.method ${method} is not possible` };
  const given = String(properties['daemon.path'] ?? 'invoke');
  const path = pathOf(given);
  if (path === undefined) {
    return { error: `daemon.path ${JSON.stringify(given.slice(0, 200))} must be a path without "." and ".." segments` };
  }
  const host = `${daemonName(projectId, skill.name, action.name)}.${gateway.namespace}.svc.cluster.local`;
  return {
    url: `http://${host}:${port}${path}`,
    method,
    headers: callHeaders(message, { 'content-type': 'application/json', accept: 'application/json' }),
    body: JSON.stringify(deliveredMessage(gateway, call)),
  };
}

/** With its query, if it has one. */
function pathOf(given: string): string | undefined {
  const [path = '', query] = given.split(/\?(.*)/s);
  const segments = path.replace(/^\/+/, '').split('/');
  if (!given.isWellFormed() || segments.some((segment) => /^(\.|%2e){1,2}$/i.test(segment))) return undefined;
  const encoded = pathOfSegments(segments);
  return query === undefined ? encoded : `${encoded}?${query.replace(/[#\s]/g, encodeURIComponent)}`;
}

async function ask(gateway: Gateway, request: DaemonRequest, signal: AbortSignal): Promise<Outcome> {
  const { world } = gateway;
  let fault = 'no answer';
  for (;;) {
    const { method, headers, body } = request;
    try {
      const hasBody = method !== 'GET';
      const answer = await gateway.outward.fetch(request.url, {
        ...{ method, headers, redirect: 'manual', signal },
        ...(hasBody ? { body } : {}),
      });
      return outcomeOf(request, answer.status, await boundedText(answer.body, answerBytesMaximum));
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      if (!isNotThere(error)) throw error;
      fault = fetchFault(error);
      world.log.debug('a daemon is not there yet', { url: request.url, error: fault });
    }
    await world.clock.sleep(retryMs, signal).catch((reason: unknown) => {
      throw reason instanceof DeadlineExceededError ? new Error(`${reason.message}: ${fault}`) : reason;
    });
  }
}

/** The connection was never made: the daemon cannot have acted. */
function isNotThere(error: unknown): boolean {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  const code = isCoded(cause) ? cause.code : undefined;
  return code !== undefined && unreachedCodes.has(code);
}

/** Of Node.js, and of undici for a connection that nobody answered. */
const unreachedCodes = new Set([
  ...['ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT'],
]);

function isCoded(value: unknown): value is { readonly code: string } {
  return typeof value === 'object' && value !== null && 'code' in value;
}

function outcomeOf({ url }: DaemonRequest, status: number, text: string): Outcome {
  const piece = text.slice(0, shownCharacters);
  if (status < 200 || status > 299) return { error: `daemon ${url} answered ${status}: ${piece}` };
  const answer = jsonOrUndefined(text);
  if (!isObject(answer)) return { error: `daemon ${url} answered ${status} with no JSON object: ${piece}` };
  const { payload = {}, outputName } = answer;
  return { output: payload, ...(typeof outputName === 'string' ? { outputName } : {}) };
}
