/** A Ready node is seconds ahead of DNS and Services. */
import type { Step } from '../step.ts';

export const waitForServices: Step = {
  name: 'wait for DNS and Services',
  deadlineMs: 180_000,
  remedy: 'look at the pods of kube-system: kubectl -n kube-system get pods',
  async run(site, signal) {
    for (const workload of ['daemonset/kube-proxy', 'deployment/coredns']) {
      await site.run('kubectl', ['-n', 'kube-system', 'rollout', 'status', workload, '--timeout=170s'], signal);
    }
    return 'kube-proxy and coredns run';
  },
};
