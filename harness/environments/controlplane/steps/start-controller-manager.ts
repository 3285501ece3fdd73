/** kube-controller-manager: all controllers but those that judge or make nodes, for our node looks after itself. */
import { HOST } from '../site.ts';
import { healthy } from './healthy.ts';
import type { Step } from './step.ts';

export const startControllerManager: Step = {
  name: 'start kube-controller-manager',
  deadlineMs: 60_000,
  remedy: 'look at what it says; the API server answers',
  program: 'kube-controller-manager',
  async run(site, signal) {
    const { ports, files, programs } = site;
    const ended = programs.start('kube-controller-manager', {
      kubeconfig: files.kubeconfig,
      'use-service-account-credentials': 'false',
      'leader-elect': 'false',
      'bind-address': HOST,
      'secure-port': String(ports.controllerManager),
      'tls-cert-file': files.certificate,
      'tls-private-key-file': files.key,
      'service-account-private-key-file': files.accountsKey,
      'root-ca-file': files.certificate,
      controllers: '*,-nodeipam,-nodelifecycle,-cloud-node-lifecycle',
      // Many scenarios share its minute: the default of 20 a second would make each of them late.
      'kube-api-qps': '500',
      'kube-api-burst': '1000',
    });
    await healthy(site, `https://${HOST}:${ports.controllerManager}/healthz`, ended, signal);
  },
};
