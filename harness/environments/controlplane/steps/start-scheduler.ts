/** kube-scheduler: binds pods to the node. */
import { HOST } from '../site.ts';
import { healthy } from './healthy.ts';
import type { Step } from './step.ts';

export const startScheduler: Step = {
  name: 'start kube-scheduler',
  deadlineMs: 60_000,
  remedy: 'look at what it says; the API server answers',
  program: 'kube-scheduler',
  async run(site, signal) {
    const { ports, files, programs } = site;
    const ended = programs.start('kube-scheduler', {
      kubeconfig: files.kubeconfig,
      'leader-elect': 'false',
      'bind-address': HOST,
      'secure-port': String(ports.scheduler),
      'tls-cert-file': files.certificate,
      'tls-private-key-file': files.key,
      'kube-api-qps': '500',
      'kube-api-burst': '1000',
    });
    await healthy(site, `https://${HOST}:${ports.scheduler}/healthz`, ended, signal);
  },
};
