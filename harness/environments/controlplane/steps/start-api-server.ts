/** kube-apiserver: TLS with the site's certificate, one token with all rights, kubelets asked over verified TLS. */
import { join } from 'node:path';
import { HOST } from '../site.ts';
import { healthy } from './healthy.ts';
import type { Step } from './step.ts';

export const startApiServer: Step = {
  name: 'start kube-apiserver',
  deadlineMs: 120_000,
  remedy: 'give the machine more time or memory (it needs 300 MB), or look at what it says',
  program: 'kube-apiserver',
  async run(site, signal) {
    const { ports, files, folder, programs } = site;
    const ended = programs.start('kube-apiserver', {
      'etcd-servers': `http://${HOST}:${ports.etcd}`,
      'bind-address': HOST,
      'secure-port': String(ports.apiServer),
      'cert-dir': join(folder, 'certificates'),
      'tls-cert-file': files.certificate,
      'tls-private-key-file': files.key,
      'token-auth-file': files.tokens,
      'authorization-mode': 'AlwaysAllow',
      'service-account-issuer': 'https://kubernetes.default.svc',
      'service-account-key-file': files.accountsKey,
      'service-account-signing-key-file': files.accountsKey,
      'service-cluster-ip-range': '10.96.0.0/16',
      'allow-privileged': 'true',
      // Logs are fetched from the node agent, under the address that its Node gives.
      'kubelet-certificate-authority': files.certificate,
      'kubelet-preferred-address-types': 'InternalIP',
    });
    await healthy(site, `${site.url}/readyz`, ended, signal);
  },
};
