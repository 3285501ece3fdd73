/** A registry: the image gets its name there, and is pushed. `docker login` is the user's. */

import type { Surroundings } from '../../surroundings.ts';
import { runTool } from '../tool.ts';
import type { Destination } from './destination.ts';

/** `host`: `registry.example/team`. */
export function registry(surroundings: Surroundings, host: string): Destination {
  const prefix = `${host.replace(/\/+$/, '')}/`;
  return {
    takesImages: true,
    async publish({ image }) {
      const there = image.startsWith(prefix) ? image : `${prefix}${image}`;
      if (there !== image) await runTool(surroundings, ['docker', 'tag', image, there]);
      await runTool(surroundings, ['docker', 'push', there]);
      return there;
    },
  };
}
