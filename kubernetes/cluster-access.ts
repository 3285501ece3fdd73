/**
 * Where the API server is and how to prove who is asking. A `KubeConfig` of `@kubernetes/client-node` is one; so is the
 * small one made here, which costs no import (`KubeConfig` loads all 750 models, a quarter of a second).
 */
import type { KubeConfig } from '@kubernetes/client-node';
import type { ClientTls } from '../world/network.ts';

/** What the client needs of a `KubeConfig`. */
export type ClusterAccess = Pick<KubeConfig, 'getCurrentCluster' | 'getCurrentUser' | 'applyToHTTPSOptions'>;

export class UnsupportedKubeConfigError extends Error {
  override readonly name = 'UnsupportedKubeConfigError';

  constructor(what: string) {
    super(`the kubeconfig ${what}`);
  }
}

/** Access to a server by its URL, with a bearer token and a certificate authority (PEM) where it asks for them. */
export function kubeConfigFor(options: {
  readonly server: string;
  readonly token?: string;
  readonly ca?: string;
}): ClusterAccess {
  const cluster = {
    name: 'cluster',
    server: options.server,
    skipTLSVerify: options.server.startsWith('http:'),
    ...(options.ca === undefined ? {} : { caData: Buffer.from(options.ca).toString('base64') }),
  };
  const user = { name: 'user', ...(options.token === undefined ? {} : { token: options.token }) };
  return {
    getCurrentCluster: () => cluster,
    getCurrentUser: () => user,
    async applyToHTTPSOptions(target) {
      if (options.ca !== undefined) target.ca = options.ca;
      if (options.token !== undefined) target.headers = { ...target.headers, Authorization: `Bearer ${options.token}` };
    },
  };
}

/**
 * The kubeconfig at `path`; without one what kubectl would take: $KUBECONFIG, ~/.kube/config, the service account of
 * the pod. Reads the machine: for commands in a real environment.
 */
export async function loadKubeConfig(path?: string): Promise<KubeConfig> {
  const { KubeConfig } = await import('@kubernetes/client-node/dist/config.js');
  const config = new KubeConfig();
  if (path === undefined) config.loadFromDefault();
  else config.loadFromFile(path);
  return config;
}

export interface Credentials {
  readonly headers: Readonly<Record<string, string>>;
  readonly tls: ClientTls;
}

/** What requests must carry now. */
export async function credentialsOf(access: ClusterAccess): Promise<Credentials> {
  const options: Parameters<ClusterAccess['applyToHTTPSOptions']>[0] = {};
  await access.applyToHTTPSOptions(options);
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(options.headers ?? {})) headers[name.toLowerCase()] = String(value);
  const basic = (options as { auth?: unknown }).auth;
  if (typeof basic === 'string') headers.authorization = `Basic ${Buffer.from(basic).toString('base64')}`;
  return {
    headers,
    tls: {
      ...pem('ca', options.ca),
      ...pem('cert', options.cert),
      ...pem('key', options.key),
      ...(options.rejectUnauthorized === undefined ? {} : { rejectUnauthorized: options.rejectUnauthorized }),
    },
  };
}

/** True if each request must ask anew: tokens in files turn over, commands hand out short-lived ones. */
export function credentialsChange(access: ClusterAccess): boolean {
  const user = access.getCurrentUser();
  return Boolean(user?.exec ?? user?.authProvider);
}

/** Origin and path prefix of the server; refuses what the World's network cannot do. */
export function serverOf(access: ClusterAccess): { readonly origin: string; readonly prefix: string } {
  const cluster = access.getCurrentCluster();
  if (!cluster) throw new UnsupportedKubeConfigError('names no current cluster: choose a context');
  if (cluster.proxyUrl) throw new UnsupportedKubeConfigError('asks for a proxy (proxy-url): not supported, remove it');
  if (cluster.tlsServerName) {
    throw new UnsupportedKubeConfigError(
      'asks for a TLS server name (tls-server-name): not supported, use a server address that its certificate names',
    );
  }
  const url = new URL(cluster.server);
  return { origin: url.origin, prefix: url.pathname === '/' ? '' : url.pathname.replace(/\/$/, '') };
}

function pem(name: 'ca' | 'cert' | 'key', value: unknown): ClientTls {
  if (typeof value === 'string') return { [name]: value };
  return Buffer.isBuffer(value) ? { [name]: value.toString('utf8') } : {};
}
