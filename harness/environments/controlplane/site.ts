/** What the steps of bringing up a control plane share: folder, ports, credentials, programs. */
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { KubernetesClient } from '../../../kubernetes/client.ts';
import { createHttpClient, kubeConfigFor } from '../../../kubernetes/http-client.ts';
import type { World } from '../../../world/world.ts';
import { type Certificate, makeCertificate } from '../../up/certificate.ts';
import { kubeconfig } from '../../up/kubeconfig.ts';
import { freePorts } from './free-ports.ts';
import { type OwnWorld, ownWorld } from './own-world.ts';
import { findParts } from './parts.ts';
import { Programs } from './programs.ts';

export const HOST = '127.0.0.1';

const portNames = ['etcd', 'etcdPeers', 'apiServer', 'controllerManager', 'scheduler'] as const;

export interface SiteFiles {
  readonly certificate: string;
  readonly key: string;
  readonly accountsKey: string;
  readonly tokens: string;
  readonly kubeconfig: string;
}

export interface Site {
  readonly folder: string;
  readonly ports: Readonly<Record<(typeof portNames)[number], number>>;
  readonly certificate: Certificate;
  readonly token: string;
  readonly files: SiteFiles;
  readonly world: World;
  readonly programs: Programs;
  /** Base URL of the API server. */
  readonly url: string;
  /** A client with all rights, over the World's network. */
  clientOf(world: World): KubernetesClient;
  /** Has something done at the end, before the programs are stopped; what came last goes first. */
  atEnd(work: () => Promise<void>): void;
  /** Ends everything in order, closes connections and removes the folder. */
  leave(): Promise<void>;
}

/** Throws PartsMissingError where the programs are not there. */
export async function prepareSite(): Promise<Site> {
  const parts = findParts();
  const own: OwnWorld = ownWorld('controlplane');
  const { world } = own;
  const certificate = await makeCertificate(world.clock.now());
  const token = world.random.stream('token').uuid();
  const free = await freePorts(portNames.length);
  const ports = Object.fromEntries(portNames.map((name, index) => [name, free[index]])) as Site['ports'];
  const url = `https://${HOST}:${ports.apiServer}`;
  const folder = mkdtempSync(join(tmpdir(), 'orrery-controlplane-'));
  const programs = new Programs(world, parts, folder);
  const endings: (() => Promise<void>)[] = [];
  return {
    folder,
    ports,
    certificate,
    token,
    files: writeFiles(folder, { certificate, token, url }),
    world,
    programs,
    url,
    clientOf: (client) =>
      createHttpClient({ world: client, config: kubeConfigFor({ server: url, token, ca: certificate.cert }) }),
    atEnd: (work) => void endings.push(work),
    async leave() {
      for (const work of endings.splice(0).reverse()) await work();
      await programs.stop();
      await own.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function writeFiles(
  folder: string,
  { certificate, token, url }: { readonly certificate: Certificate; readonly token: string; readonly url: string },
): SiteFiles {
  const write = (name: string, text: string) => {
    const path = join(folder, name);
    writeFileSync(path, text, { mode: 0o600 });
    return path;
  };
  const { privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  return {
    certificate: write('server.crt', certificate.cert),
    key: write('server.key', certificate.key),
    accountsKey: write('accounts.key', privateKey),
    tokens: write('tokens.csv', `${token},kubernetes-admin,kubernetes-admin,system:masters\n`),
    kubeconfig: write('kubeconfig', kubeconfig({ url, ca: certificate.cert, token, namespace: 'default' })),
  };
}
