/**
 * A client whose answers come a moment after the server has acted, as over a network. Whoever watches has then seen the
 * act when the caller goes on: a controller's next sync finds its own writes in its cache, and others act between two
 * of its writes, as on a real cluster.
 */
import type { KubernetesClient } from '../../kubernetes/client.ts';
import type { Clock } from '../../world/clock.ts';

/**
 * Longer than watch events lag behind a write (`watchLagMs` of the API server); about what a write takes on a real
 * cluster.
 */
const answerMs = 12;

export function answeredLater(client: KubernetesClient, clock: Clock): KubernetesClient {
  const later = async <T>(answer: Promise<T>): Promise<T> => {
    try {
      return await answer;
    } finally {
      await clock.sleep(answerMs);
    }
  };
  return {
    get: (...request) => later(client.get(...request)),
    list: (...request) => client.list(...request),
    create: (...request) => later(client.create(...request)),
    replace: (...request) => later(client.replace(...request)),
    patch: (...request) => later(client.patch(...request)),
    delete: (...request) => later(client.delete(...request)),
    watch: (...request) => client.watch(...request),
    log: (...request) => client.log(...request),
  };
}
