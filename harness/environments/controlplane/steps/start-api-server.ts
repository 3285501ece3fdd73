/** kube-apiserver: TLS with the site's certificate, one token with all rights, kubelets asked over verified TLS. */
import { join } from 'node:path';
import { HOST, type Site } from '../site.ts';
import { healthy } from './healthy.ts';
import type { Step } from './step.ts';

type Flags = Readonly<Record<string, string>>;

/** Everybody may do everything: for scenarios. */
export const startApiServer = apiServerStep({ 'authorization-mode': 'AlwaysAllow' });

/** `flags` are added to those that every site needs. */
export function apiServerStep(flags: Flags): Step {
  return {
    name: 'start kube-apiserver',
    deadlineMs: 120_000,
    remedy: 'give the machine more time or memory (it needs 300 MB), or look at what it says',
    program: 'kube-apiserver',
    async run(site, signal) {
      const ended = site.programs.start('kube-apiserver', { ...flagsOf(site), ...flags });
      await healthy(site, `${site.url}/readyz`, ended, signal);
    },
  };
}

function flagsOf({ ports, files, folder }: Site): Flags {
  return {
    'etcd-servers': `http://${HOST}:${ports.etcd}`,
    'bind-address': HOST,
    'secure-port': String(ports.apiServer),
    'cert-dir': join(folder, 'certificates'),
    'tls-cert-file': files.certificate,
    'tls-private-key-file': files.key,
    'token-auth-file': files.tokens,
    'service-account-issuer': 'https://kubernetes.default.svc',
    'service-account-key-file': files.accountsKey,
    'service-account-signing-key-file': files.accountsKey,
    'service-cluster-ip-range': '10.96.0.0/16',
    'allow-privileged': 'true',
    // Logs are fetched from the node agent, under the address that its Node gives.
    'kubelet-certificate-authority': files.certificate,
    'kubelet-preferred-address-types': 'InternalIP',
  };
}
