/**
 * Pods need their namespace's service account, which a controller makes: tests that run without that controller make it
 * by themselves.
 */
import type { KubernetesClient } from '../../kubernetes/client.ts';
import { serviceAccounts } from '../../kubernetes/resources.ts';

export async function makeDefaultAccount(client: KubernetesClient): Promise<void> {
  await client.create(serviceAccounts, 'default', {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: { name: 'default', namespace: 'default' },
  });
}
