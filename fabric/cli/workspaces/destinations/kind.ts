/** A kind cluster: the image is loaded into its nodes. */
import { usageError } from '../../errors.ts';
import type { Surroundings } from '../../surroundings.ts';
import { runTool } from '../tool.ts';
import type { Destination } from './destination.ts';

export function kindCluster(surroundings: Surroundings, name: string): Destination {
  return {
    takesImages: true,
    async publish({ image, name: action }) {
      if (!hasVersion(image)) {
        throw usageError(
          `the image ${image} of the action ${action} has no version, and Kubernetes looks for such images in a registry: ` +
            `write ${image.replace(/:latest$/, '')}:1.0.0`,
        );
      }
      await runTool(surroundings, ['kind', 'load', 'docker-image', image, '--name', name]);
      return image;
    },
  };
}

/**
 * Without one, or with `latest`, the pull policy is Always (Kubernetes, pkg/apis/core/v1/defaults.go,
 * SetDefaults_Container).
 */
function hasVersion(image: string): boolean {
  const [, tag] = /:([^:/]+)$/.exec(image) ?? [];
  return image.includes('@') || (tag !== undefined && tag !== 'latest');
}
