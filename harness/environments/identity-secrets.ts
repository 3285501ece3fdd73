/** The Secrets that deploy/base mounts: what the services know each other by, and the file of users. */
import type { KubernetesObject } from '../../kubernetes/objects.ts';
import type { FabricIdentity } from './identity.ts';

export interface SecretManifest extends KubernetesObject {
  readonly kind: 'Secret';
  readonly type: 'Opaque';
  readonly stringData: Readonly<Record<string, string>>;
}

export function secretsOf({ credential, own, usersFile }: FabricIdentity): SecretManifest[] {
  return [
    secret('fabric-services', { credential, 'signing-key.json': JSON.stringify(own.jwk) }),
    secret('fabric-users', { 'users.json': usersFile }),
  ];
}

function secret(name: string, stringData: Readonly<Record<string, string>>): SecretManifest {
  const labels = { 'app.kubernetes.io/part-of': 'fabric' };
  return { apiVersion: 'v1', kind: 'Secret', metadata: { name, labels }, type: 'Opaque', stringData };
}
