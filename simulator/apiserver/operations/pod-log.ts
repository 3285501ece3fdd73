/** The log of a container, fetched from the agent of the pod's node. Source: semantics 1.19. */
import { quote } from '../../../cron/go-text.ts';
import type { LogOptions } from '../../../kubernetes/client.ts';
import { DeadlineExceededError } from '../../../world/clock.ts';
import { type Backend, tableOf } from '../backend.ts';
import { ApiError, badRequest, notFound } from '../errors.ts';
import { type ApiObject, listAt, recordAt, textAt } from '../json.ts';
import { nodeResource } from '../kinds/groups/core.ts';
import { podResource } from '../kinds/groups/pods.ts';

const agentDeadlineMs = 30_000;
const refusalBytesMax = 1 << 20;

/**
 * The bytes as the agent sends them; undefined for a pod that is on no node yet. The options are good ones
 * (log-options.ts).
 */
export async function openPodLog(
  backend: Backend,
  namespace: string,
  name: string,
  options: LogOptions,
  gone: AbortSignal,
): Promise<AsyncIterable<Uint8Array> | undefined> {
  const pod = tableOf(backend, podResource).get(namespace, name)?.object;
  if (!pod) throw notFound(podResource, name);
  const container = options.container ?? onlyContainer(pod);
  if (!containersOf(pod).includes(container)) {
    throw badRequest(`container ${container} is not valid for pod ${name}`);
  }
  const nodeName = textAt(pod.spec, 'nodeName');
  if (nodeName === '') return undefined;
  const url = `${agentUrl(backend, nodeName)}/containerLogs/${namespace}/${name}/${container}${queryOf(options)}`;
  return fetchLog(backend, url, gone);
}

async function fetchLog(backend: Backend, url: string, gone: AbortSignal): Promise<AsyncIterable<Uint8Array>> {
  const { world } = backend;
  // The deadline is for the head; the body goes on for as long as the container does.
  const call = new AbortController();
  const leave = () => call.abort(gone.reason);
  gone.addEventListener('abort', leave, { once: true });
  const late = world.clock.after(agentDeadlineMs, () =>
    call.abort(new DeadlineExceededError(`the head of ${url}`, agentDeadlineMs)),
  );
  const answer = await world.network.fetch(url, { signal: call.signal }).catch((error: unknown) => {
    late.cancel();
    throw new ApiError(500, '', `Get ${quote(url)}: ${reasonOf(error)}`);
  });
  late.cancel();
  if (answer.ok && answer.body) return answer.body as AsyncIterable<Uint8Array>;
  if (answer.ok) return none();
  const text = (await answer.text()).slice(0, refusalBytesMax);
  if (answer.status >= 500) throw new ApiError(500, 'InternalError', `Internal error occurred: ${text}`);
  const reason = answer.status === 404 ? 'NotFound' : 'BadRequest';
  throw new ApiError(answer.status, reason, text);
}

async function* none(): AsyncIterable<Uint8Array> {}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}

function agentUrl(backend: Backend, nodeName: string): string {
  const node = tableOf(backend, nodeResource).get('', nodeName)?.object;
  // The wrong resource in the message is upstream's.
  if (!node) throw notFound(podResource, nodeName);
  const addresses = listAt(node.status, 'addresses');
  const address = ['InternalIP', 'Hostname']
    .map((type) => addresses.find((each) => textAt(each, 'type') === type))
    .find((each) => each !== undefined);
  const endpoint = recordAt(recordAt(recordAt(node, 'status'), 'daemonEndpoints'), 'kubeletEndpoint');
  return `${backend.agentScheme}://${textAt(address, 'address') || nodeName}:${endpoint.Port ?? 10_250}`;
}

function queryOf(options: LogOptions): string {
  const { container: _container, ...rest } = options;
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(rest)) {
    if (value !== undefined && value !== false) query.set(name, textOf64(value));
  }
  return query.size === 0 ? '' : `?${query}`;
}

/** The largest number of 64 bits is rounded up as a number of ours. */
function textOf64(value: string | number | boolean): string {
  return typeof value === 'number' && value >= 2 ** 63 ? String(2n ** 63n - 1n) : String(value);
}

function containersOf(pod: ApiObject): string[] {
  return ['containers', 'initContainers', 'ephemeralContainers'].flatMap((list) =>
    listAt(pod.spec, list).map((each) => textAt(each, 'name')),
  );
}

function onlyContainer(pod: ApiObject): string {
  const names = (list: string) => listAt(pod.spec, list).map((each) => textAt(each, 'name'));
  const [only = '', ...others] = names('containers');
  if (others.length === 0 && names('initContainers').length === 0) return only;
  const choice = `choose one of: [${names('containers').join(' ')}]`;
  const initial = names('initContainers');
  const more = initial.length > 0 ? ` or one of the init containers: [${initial.join(' ')}]` : '';
  throw badRequest(`a container name must be specified for pod ${pod.metadata.name}, ${choice}${more}`);
}
