/** The definitions of Task and TaskPool, and Fabric itself by deploy/kind, with the tag of the images that were built. */

import { definitionsFile } from '../../generate-definitions.ts';
import { imageName, images } from '../../images/contents.ts';
import type { Site } from '../site.ts';
import type { Step } from '../step.ts';

const SERVICES = ['content', 'gateway', 'operator'];

export const installDefinitions: Step = {
  name: 'install the definitions of Task and TaskPool',
  deadlineMs: 60_000,
  remedy: 'look at their conditions: kubectl describe crd tasks.fabric.orrery.dev',
  async run(site, signal) {
    await site.run('kubectl', ['apply', '--server-side', '-f', '-'], signal, definitionsFile());
    const names = ['crd/tasks.fabric.orrery.dev', 'crd/taskpools.fabric.orrery.dev'];
    await site.run('kubectl', ['wait', '--for=condition=Established', '--timeout=50s', ...names], signal);
    return 'served';
  },
};

export const deployFabric: Step = {
  name: 'start operator, gateway and content',
  deadlineMs: 180_000,
  remedy: 'look at them: kubectl -n fabric get pods; kubectl -n fabric logs deployment/operator',
  async run(site, signal) {
    const { stdout } = await site.run('kubectl', ['kustomize', `${site.checkout}/deploy/kind`], signal);
    await site.run('kubectl', ['apply', '-f', '-'], signal, tagged(stdout, site));
    for (const service of SERVICES) {
      await site.run(
        'kubectl',
        ['-n', 'fabric', 'rollout', 'status', `deployment/${service}`, '--timeout=170s'],
        signal,
      );
    }
    return 'ready';
  },
};

function tagged(manifests: string, { archive }: Site): string {
  if (!archive) throw new TypeError('no archive was built');
  return withTag(manifests, archive.tag);
}

/** Our images in the manifests, with another tag. */
export function withTag(manifests: string, tag: string): string {
  return images.reduce(
    (text, image) =>
      text.replaceAll(new RegExp(`(image: )orrery/${image.name}:\\S+`, 'g'), `$1${imageName(image, tag)}`),
    manifests,
  );
}
