/** A kubeconfig for one run: server, authority and token, current context `orrery`. */
import { stringify } from 'yaml';

export function kubeconfig(options: {
  readonly url: string;
  readonly ca: string;
  readonly token: string;
  readonly namespace: string;
}): string {
  const name = 'orrery';
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [
      {
        name,
        cluster: { server: options.url, 'certificate-authority-data': Buffer.from(options.ca).toString('base64') },
      },
    ],
    users: [{ name, user: { token: options.token } }],
    contexts: [{ name, context: { cluster: name, user: name, namespace: options.namespace } }],
    'current-context': name,
  });
}
