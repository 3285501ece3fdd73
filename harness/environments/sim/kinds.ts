/** The two simulated environments: `sim` in virtual time, `live` along the wall clock with real local programs. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LocalImages } from '../../../simulator/node/runtimes/processes/local-images.ts';
import { realClock } from '../../../world/real/clock.ts';
import { realFiles } from '../../../world/real/files.ts';
import { RealNetwork } from '../../../world/real/network.ts';
import { realProcesses } from '../../../world/real/processes.ts';
import { realWorld } from '../../../world/real/world.ts';
import { instantMs } from '../../scenario/instant.ts';
import type { Ability } from '../environment.ts';
import type { EnvironmentProvider } from '../provider.ts';
import { skillImages } from '../skill-images.ts';
import { SimulatedEnvironment } from './environment.ts';
import { LocalPorts } from './local-ports.ts';
import { pacedPassage, virtualPassage } from './passage.ts';
import { wayOut } from './way-out.ts';

const DEFAULT_START = '2026-01-01T00:00:00Z';

const simAbilities: ReadonlySet<Ability> = new Set<Ability>([
  'virtual time',
  'network faults',
  'API faults',
  'operator restarts',
  'service restarts',
  'kills at a request',
  'log rotation',
  'agents',
]);

export const sim: EnvironmentProvider = {
  name: 'sim',
  abilities: simAbilities,
  up: (settings, seed, sink) =>
    SimulatedEnvironment.up({
      name: 'sim',
      abilities: simAbilities,
      settings,
      seed,
      ...(sink ? { sink } : {}),
      startAt: instantMs(settings.startAt ?? DEFAULT_START),
      folder: '/disk',
      nodeHost: '10.0.0.1',
      passage: virtualPassage,
      outside: (harness) => harness,
      guarded: true,
    }),
};

let found: ReadonlySet<Ability> | undefined;

/**
 * Asks the machine once, and only when somebody asks here: looking for Python takes longer than bringing up a
 * simulation.
 */
function liveAbilities(): ReadonlySet<Ability> {
  found ??= new Set<Ability>([
    'network faults',
    'API faults',
    'operator restarts',
    'service restarts',
    'kills at a request',
    'log rotation',
    'real processes',
    ...(hasPython() ? ['python' as const] : []),
  ]);
  return found;
}

export const live: EnvironmentProvider = {
  name: 'live',
  get abilities() {
    return liveAbilities();
  },
  up: (settings, seed, sink) => {
    const folder = mkdtempSync(join(tmpdir(), 'orrery-live-'));
    const network = new RealNetwork();
    const ports = new LocalPorts(network);
    return SimulatedEnvironment.up({
      name: 'live',
      abilities: liveAbilities(),
      settings,
      seed,
      ...(sink ? { sink } : {}),
      startAt: realClock.now(),
      machine: { files: realFiles, processes: realProcesses },
      images: new LocalImages(skillImages),
      ports,
      wayOut: (address) => wayOut({ network, ports }, address),
      folder,
      nodeHost: '127.0.0.1',
      passage: (simulation) => pacedPassage(simulation, realClock),
      outside: () => realWorld('harness'),
      guarded: false,
      cleanUp() {
        void network.close();
        rmSync(folder, { recursive: true, force: true });
      },
    });
  },
};

function hasPython(): boolean {
  return spawnSync('python3', ['--version']).status === 0;
}
