/** Bringing a kind cluster up and taking it down again: the steps in order, and one place that cleans up. */
import { $ } from 'zx';
import { findProgram } from '../../harness/environments/controlplane/parts.ts';
import {
  clusterFolder,
  clusterNames,
  forgetCluster,
  type KindCluster,
  readCluster,
  writeCluster,
} from '../../harness/environments/kind/state.ts';
import { forgetNotes, readNotes, restore } from './host-notes.ts';
import { labelOf, type Site, siteFor, type Wish } from './site.ts';
import { failureText, RemediedError, type Step, StepFailedError, take } from './step.ts';
import { choosePorts } from './steps/choose-ports.ts';
import { chooseStores } from './steps/choose-stores.ts';
import { createCluster } from './steps/create-cluster.ts';
import { deployFabric, installDefinitions } from './steps/deploy-fabric.ts';
import { dialFromHost, dialFromPod } from './steps/dial.ts';
import { findDocker } from './steps/find-docker.ts';
import { findPrograms } from './steps/find-programs.ts';
import { buildImages, loadImages } from './steps/load-images.ts';
import { makeCredentials } from './steps/make-credentials.ts';
import { noteHost } from './steps/note-host.ts';
import { startStores } from './steps/start-stores.ts';
import { waitForServices } from './steps/wait-for-services.ts';

type Print = (line: string) => void;

/** Those that only look: when one of them fails there is nothing to take down. */
const looking = [findDocker, findPrograms, choosePorts];

/** In order; with `host`, Fabric itself is not started in the cluster. */
export function stepsFor({ host }: Pick<Wish, 'host'>): Step[] {
  const before = [...looking, noteHost, chooseStores, buildImages, createCluster, loadImages];
  const services = host ? [] : [startStores, makeCredentials, deployFabric, dialFromHost];
  return [...before, waitForServices, installDefinitions, ...services, dialFromPod];
}

/**
 * Brings it up, or what is there up to date. Rejects with StepFailedError; what came up is then taken down, unless it
 * is to be retained.
 */
export async function up(wish: Wish, print: Print): Promise<KindCluster> {
  const wasKnown = clusterNames().includes(wish.name);
  const site = siteFor(wish);
  try {
    await take(stepsFor(wish), site, print);
  } catch (error) {
    if (!hasOnlyLooked(error)) await leave(site, print);
    else if (!wasKnown) forgetCluster(wish.name);
    throw error;
  }
  const { kubeconfig, ports, images, stores } = site;
  if (!ports || !images) throw new TypeError('the steps left out ports or images');
  const cluster: KindCluster = { name: wish.name, kubeconfig, ports, tag: images.tag, ...(stores && { stores }) };
  writeCluster(cluster);
  return cluster;
}

function hasOnlyLooked(error: unknown): boolean {
  return error instanceof StepFailedError && looking.some(({ name }) => name === error.step);
}

/** What to do with a cluster that came up in part. */
async function leave({ wish, isThere }: Site, print: Print): Promise<void> {
  if (wish.retain) print(`retained; npm run kind:down -- --name ${wish.name} removes it`);
  // A cluster that was there before, or that is not ours, is nobody's to remove here.
  else if (!isThere) await down(wish.name, () => undefined).catch(() => undefined);
}

/**
 * Removes the cluster, what carries its label, and its folder; the last one puts back what was noted of this machine.
 */
export async function down(name: string, print: Print): Promise<void> {
  if (!clusterNames().includes(name)) {
    print(`there is no cluster "${name}" of ours`);
    return;
  }
  await seeDockerOf(name);
  await quiet(kindProgram(), ['delete', 'cluster', '--name', name]);
  const left = await words('docker', ['ps', '--all', '--quiet', '--filter', `label=${labelOf(name)}`]);
  if (left.length > 0) await quiet('docker', ['rm', '--force', '--volumes', ...left]);
  forgetCluster(name);
  print(`${name}: cluster, its containers and its folder are gone`);
  if (clusterNames().length === 0) await leaveMachine(print);
}

/** Without its Docker a cluster cannot be removed, and is not forgotten. */
async function seeDockerOf(name: string): Promise<void> {
  try {
    await $({ quiet: true, timeout: findDocker.deadlineMs })`docker version --format ${'{{.Server.Version}}'}`;
  } catch (error) {
    const folder = clusterFolder(name);
    const remedy = `start the Docker that it runs in; if that is gone for good, so is the cluster: remove its folder ${folder}`;
    throw new RemediedError(`the cluster "${name}" is still there: ${failureText(error)}`, remedy);
  }
}

async function leaveMachine(print: Print): Promise<void> {
  const notes = readNotes();
  if (!notes) return;
  // Somebody else's clusters still need what theirs changed.
  const others = await words('docker', ['ps', '--all', '--quiet', '--filter', 'label=io.x-k8s.kind.cluster']);
  if (others.length > 0) {
    print('other kind clusters are there: sysctls and the network "kind" stay as they are');
    return;
  }
  const refused = restore(notes);
  print(refused.length === 0 ? 'sysctls are as they were' : `put back as root: sysctl ${refused.join(' ')}`);
  if (!notes.networkWasThere) {
    await quiet('docker', ['network', 'rm', 'kind']);
    print('the Docker network "kind" is gone');
  }
  forgetNotes();
}

function kindProgram(): string {
  const found = findProgram('kind');
  if (found === undefined)
    throw new RemediedError('there is no kind on the PATH, nor in $ORRERY_PARTS/bin', 'put it there');
  return found;
}

async function quiet(program: string, parameters: readonly string[]): Promise<void> {
  await $({ quiet: true })`${program} ${parameters}`;
}

async function words(program: string, parameters: readonly string[]): Promise<string[]> {
  const { stdout } = await $({ quiet: true })`${program} ${parameters}`;
  return stdout.split('\n').filter((word) => word !== '');
}

/** The cluster of that name, brought up when it is not there. `mine` is true when that happened here. */
export async function ensure(wish: Wish, print: Print): Promise<{ cluster: KindCluster; mine: boolean }> {
  const held = readCluster(wish.name);
  return held ? { cluster: held, mine: false } : { cluster: await up(wish, print), mine: true };
}
