/** A shipper, managed content and one fake pod in one simulation. For tests. */
import { Simulation } from '../../../world/simulated/simulation.ts';
import { openFolderBlobs } from '../../content/blobs/folder/folder.ts';
import { startContent } from '../../content/server.ts';
import { FakePodLog } from './fake-pod-log.fixture.ts';
import { FakeNodeLogs } from './node-files/fake-node-logs.fixture.ts';
import { LogShipper } from './shipper.ts';

export const run = { namespace: 'n', pod: 'p', container: 'main', project: 'proj', folder: 'f' };

export async function bench() {
  const simulation = new Simulation({ seed: 7, startAt: Date.UTC(2026, 0, 1) });
  const pod = new FakePodLog(simulation.process('cluster').clock);
  const nodeLogs = new FakeNodeLogs(pod);
  const startContentService = async () => {
    const world = simulation.process('content');
    const blobs = await openFolderBlobs({ world, folder: '/content' });
    await startContent({ world, address: 'content:80', blobs });
    return world;
  };
  let content = await simulation.run(startContentService());
  const reader = simulation.process('reader');
  const read = async (path: string) => {
    const answer = await reader.network.fetch(`http://content${path}`);
    return answer.text();
  };
  return {
    simulation,
    pod,
    nodeLogs,
    storedText: () => simulation.run(read('/fabric/v4/projects/proj/content/tasks/f/log.txt')),
    killContent: () => content.kill(),
    restartContent: async () => {
      content = await simulation.run(startContentService());
    },
    ship: (signal = new AbortController().signal, options = {}) => {
      const world = simulation.process('operator');
      const shipper = new LogShipper({ world, client: pod.client(), contentUrl: 'http://content', ...options });
      const ledger = shipper.ship({ ...run, end: () => pod.seenEnd(), ...options }, signal);
      ledger.catch(() => undefined);
      return { world, ledger };
    },
  };
}

/** A follower of one line that has fallen behind: since `killedAtMs` content is away, and no batch waits in memory. */
export async function benchOfLateReader(killedAtMs = 2000) {
  const made = await bench();
  made.pod.chunkBytes = 1_000_000;
  const { ledger } = made.ship(undefined, { batchMemoryBytes: 1 });
  made.pod.print('begin');
  await made.simulation.advance(killedAtMs);
  made.killContent();
  return { ...made, ledger };
}

/** Lines `from` and those behind it. */
export function numbered(from: number, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `line ${from + index}`);
}

/** As text, each with its line feed. */
export function textOf(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join('');
}
