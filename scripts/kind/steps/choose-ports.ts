/**
 * Ports on 127.0.0.1: those of a cluster that is there, those of kind-config.yaml for the default one, free ones for
 * any other.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { freePorts } from '../../../harness/environments/controlplane/free-ports.ts';
import { readCluster } from '../../../harness/environments/kind/state.ts';
import { hasFixedPorts, portsOf, render } from '../config.ts';
import { RemediedError, type Step } from '../step.ts';

export const choosePorts: Step = {
  name: 'choose ports',
  deadlineMs: 10_000,
  remedy: 'see that kind-config.yaml is as it was',
  async run(site, signal) {
    const { name } = site.wish;
    const known = (await site.run('kind', ['get', 'clusters', '--quiet'], signal)).stdout.split('\n').includes(name);
    const held = readCluster(name);
    if (known && held === undefined) {
      throw new RemediedError(
        `there is a kind cluster "${name}" that did not come up, or is not ours`,
        `choose another --name, or remove it: npm run kind:down -- --name ${name}`,
      );
    }
    site.isThere = known;
    const text = readFileSync(join(site.checkout, 'kind-config.yaml'), 'utf8');
    const ports = known && held ? held.ports : hasFixedPorts(name) ? await fixedPorts(text) : await anyPorts();
    site.ports = ports;
    writeFileSync(join(site.folder, 'kind-config.yaml'), render(text, name, ports));
    return `gateway ${ports.gateway}, content ${ports.content}`;
  },
};

async function fixedPorts(text: string): Promise<{ gateway: number; content: number }> {
  const ports = portsOf(text);
  for (const port of Object.values(ports)) await assertFree(port);
  return ports;
}

async function anyPorts(): Promise<{ gateway: number; content: number }> {
  const [gateway = 0, content = 0] = await freePorts(2);
  return { gateway, content };
}

/** Rejects with RemediedError when something listens there. */
export function assertFree(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', () =>
      reject(
        new RemediedError(
          `port ${port} of 127.0.0.1 is taken`,
          `end what listens there (ss -ltnp, lsof -i :${port}), or choose another --name: it gets free ports`,
        ),
      ),
    );
    server.listen(port, '127.0.0.1', () => server.close(() => resolve()));
  });
}
