/** The image of the runs of scheduled agents is the gateway's own: inside a cluster its own pod tells which that is. */
import type { KubernetesClient } from '../../../kubernetes/client.ts';
import type { Pod } from '../../../kubernetes/objects.ts';
import { pods } from '../../../kubernetes/resources.ts';
import type { World } from '../../../world/world.ts';

const retryMs = 2_000;
const attempts = 5;

/** As the pod's spec names the image of its first container. Throws when the cluster does not say it. */
export async function ownImage(world: World, client: KubernetesClient, namespace: string, podName: string) {
  for (let attempt = 1; ; attempt += 1) {
    try {
      const { spec } = await client.get<Pod>(pods, namespace, podName);
      const image = spec?.containers[0]?.image;
      if (image) return image;
      throw new Error(`pod ${podName} has no image`);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      if (attempt === attempts) {
        throw new Error(
          `the gateway's own image is not known (${why}): give --invoke-image, or the right FABRIC_POD_NAME`,
        );
      }
      world.log.warn('the gateway’s own pod cannot be read', { pod: podName, error: why });
    }
    await world.clock.sleep(retryMs);
  }
}
