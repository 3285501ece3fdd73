/** etcd: the storage, in the site's folder, without waiting for the disk. */
import { join } from 'node:path';
import { HOST } from '../site.ts';
import { healthy } from './healthy.ts';
import type { Step } from './step.ts';

export const startEtcd: Step = {
  name: 'start etcd',
  deadlineMs: 30_000,
  remedy: 'look whether the disk is full, or whether something else took its port',
  program: 'etcd',
  async run(site, signal) {
    const { ports, folder, programs } = site;
    const clients = `http://${HOST}:${ports.etcd}`;
    const peers = `http://${HOST}:${ports.etcdPeers}`;
    const ended = programs.start('etcd', {
      'data-dir': join(folder, 'etcd'),
      'unsafe-no-fsync': 'true',
      'listen-client-urls': clients,
      'advertise-client-urls': clients,
      'listen-peer-urls': peers,
      'initial-advertise-peer-urls': peers,
      'initial-cluster': `default=${peers}`,
      'log-level': 'warn',
    });
    await healthy(site, `${clients}/health`, ended, signal);
  },
};
