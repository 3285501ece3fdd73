/** The definitions of Task and TaskPool, and Fabric itself. */

import { definitionsFile } from '../../generate-definitions.ts';
import { fabricManifests } from '../fabric-manifests.ts';
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
    await site.run('kubectl', ['apply', '-f', '-'], signal, await fabricManifests(site, signal));
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
