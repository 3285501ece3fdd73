/** The internal credential on the way out: added at the World's network, so that no call of a service can forget it. */
import type { Dispatcher } from 'undici';
import type { Network } from '../../world/network.ts';
import type { World } from '../../world/world.ts';

/**
 * The same World, whose requests to the given base URLs carry the credential as a bearer token. Requests to anywhere
 * else go as they are, and so does everything when there is no credential.
 */
export function withCredential(
  world: World,
  baseUrls: readonly (string | undefined)[],
  credential: string | undefined,
): World {
  if (credential === undefined) return world;
  const origins = new Set(baseUrls.flatMap((url) => (url === undefined ? [] : [new URL(url).origin])));
  const { name, clock, random, files, processes, log } = world;
  return { name, clock, random, files, processes, log, network: authorized(world.network, origins, credential) };
}

function authorized(network: Network, origins: ReadonlySet<string>, credential: string): Network {
  const authorization = { authorization: `Bearer ${credential}` };
  const plain = network.dispatcher().compose((dispatch) => (options, handler) => {
    const isTheirs = options.origin !== undefined && origins.has(new URL(options.origin).origin);
    return dispatch(isTheirs ? { ...options, headers: withHeader(options.headers, authorization) } : options, handler);
  });
  return {
    fetch(input, init = {}) {
      const target = input instanceof URL || typeof input === 'string' ? input : input.url;
      if (!origins.has(new URL(target).origin)) return network.fetch(input, init);
      return network.fetch(input, { ...init, headers: { ...(init.headers as Headers), ...authorization } });
    },
    // What others have written is never asked with it.
    guardedDispatcher: (isAllowed) => network.guardedDispatcher(isAllowed),
    dispatcher: (tls) => (tls ? network.dispatcher(tls) : plain),
    listen: (address, handler, options) => network.listen(address, handler, options),
    connect: (address) => network.connect(address),
  };
}

/** Services hand their headers over as an object of strings, and as nothing else. */
type Headers = Readonly<Record<string, string>> | undefined;

function withHeader(headers: Dispatcher.DispatchOptions['headers'], header: Readonly<Record<string, string>>) {
  return { ...(headers as Headers), ...header };
}
