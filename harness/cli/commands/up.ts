/** `orrery up`: a Fabric that keeps running, with real ports, until it is told to stop. */
import { rmSync } from 'node:fs';
import { Command, InvalidArgumentError, Option } from 'commander';
import { outwardHosts } from '../../../fabric/gateway/outward/flag.ts';
import { isHostName } from '../../../world/visitors.ts';
import type { FabricService } from '../../environments/environment.ts';
import { type Endpoints, type Live, startLive } from '../../up/live.ts';
import { startDetached, tellReady } from '../detach.ts';
import { EndedError, ending } from '../ending/ending.ts';
import { readImages } from '../images.ts';
import { firstPort, speedFactor } from '../numbers.ts';
import { OutputFile } from '../output-file.ts';

/** First of the four default ports. */
const DEFAULT_PORT = 7440;

interface UpFlags {
  readonly port: number;
  readonly speed: number;
  readonly readyFile?: string;
  readonly images?: string;
  readonly namespace: string;
  readonly without: readonly FabricService[];
  readonly allowHost: readonly string[];
  readonly allowOutward: readonly string[];
  readonly store?: string;
  readonly blobs?: string;
  readonly anonymous?: true;
  readonly createProjects?: true;
  readonly detach?: true;
  /** This is the process in the background. */
  readonly detached?: true;
}

export function upCommand(): Command {
  return new Command('up')
    .description('keep a Fabric running on real ports, along the wall clock')
    .option(
      '--port <n>',
      'first of four ports in a row: Kubernetes, gateway, content, control; 0 picks free ones',
      firstPort,
      DEFAULT_PORT,
    )
    .option(
      '--speed <n>',
      'how many times as fast as the wall clock virtual time passes, at most 1000000',
      speedFactor,
      1,
    )
    .option('--ready-file <file>', 'written with all addresses when everything is up')
    .option('--images <file>', 'JSON: image name -> {"command": [...], "folder"?: ...}, run as local commands')
    .option('--namespace <name>', 'namespace for Tasks', 'default')
    .option('--without <services>', 'of operator, gateway, content (a,b) those that you run yourself', services, [])
    .option(
      '--allow-host <names>',
      'names (a,b) under which it may be asked besides localhost, 127.0.0.1 and its own: any other Host is refused',
      hostNames,
      [],
    )
    .option(
      '--allow-outward <hosts>',
      'hosts (a,b:port) of this machine or its networks that external APIs and callbacks may name: others inside are refused',
      outwardHosts,
      [],
    )
    .option(
      '--store <url>',
      'keep task records in mongodb://host:port/database instead of a file that goes with the run',
    )
    .option(
      '--blobs <url>',
      'keep managed content in s3://KEY:SECRET@host:port/bucket instead of a folder that goes with the run',
    )
    .option('--anonymous', 'ask nobody who he is; it listens on 127.0.0.1 only')
    .option('--create-projects', 'make a project when a request to the gateway names one that is missing')
    .option(
      '--detach',
      'go to the background once it is up: it ends by POST /stop on the control API, or by its pid in the ready file',
    )
    .addOption(new Option('--detached').hideHelp())
    .action((flags: UpFlags) => (flags.detach && !flags.detached ? upInBackground() : up(flags)));
}

async function upInBackground(): Promise<void> {
  const welcome = await startDetached(process.argv.slice(2), ending());
  process.stdout.write(welcome);
}

async function up(flags: UpFlags): Promise<void> {
  const isDetached = flags.detached === true;
  const ended = ending({ withStarter: !isDetached, unread: isDetached });
  const images = readImages(flags.images);
  const ready = flags.readyFile === undefined ? undefined : OutputFile.open('--ready-file', flags.readyFile, 0o600);
  try {
    const live = await startLive({ ...flags, images, allowHosts: flags.allowHost }, ended);
    await stay(live, flags, ready, ended);
  } catch (error) {
    // Whoever ends it during the start gets what he wants.
    if (!(error instanceof EndedError)) throw error;
  } finally {
    ready?.discard();
  }
}

/** Says that it is up, and takes all of it down when it is to end or something fails. */
async function stay(live: Live, flags: UpFlags, ready: OutputFile | undefined, ended: AbortSignal): Promise<void> {
  try {
    const text = welcome(live.endpoints, flags);
    ready?.write(`${JSON.stringify(live.endpoints, null, 2)}\n`);
    if (flags.detached) tellReady(text);
    else process.stdout.write(text);
    await Promise.race([aborted(ended), live.stopRequested]);
    process.stdout.write('\nstopping\n');
  } finally {
    await live.stop();
    if (flags.readyFile !== undefined && ready?.isWritten) rmSync(flags.readyFile, { force: true });
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

const SERVICES: readonly FabricService[] = ['operator', 'gateway', 'content'];

function services(text: string): FabricService[] {
  return text.split(',').map((word) => {
    const service = SERVICES.find((name) => name === word.trim());
    if (!service) throw new InvalidArgumentError(`"${word}" is no service: write ${SERVICES.join(', ')}.`);
    return service;
  });
}

function hostNames(text: string, before: readonly string[]): string[] {
  const names = text.split(',').map((name) => name.trim());
  const wrong = names.find((name) => !isHostName(name));
  if (wrong === undefined) return [...before, ...names];
  throw new InvalidArgumentError(`"${wrong}" is no host: write a name or an address, without a port.`);
}

/** The command lines that start what `--without` left out. */
function missing(endpoints: Endpoints, { without, namespace }: UpFlags): string[] {
  const { kubernetes, gateway, content, access } = endpoints;
  const credential = access ? ` --credential ${access.credentialFile}` : '';
  const keys = access ? `${credential} --users ${access.usersFile} --signing-key ${access.signingKeyFile}` : '';
  const projects = `--projects ${gateway.project}`;
  const cluster = `--kubeconfig ${kubernetes.kubeconfig} --namespace ${namespace}`;
  const lines: Record<FabricService, string> = {
    operator: `${cluster} --gateway-url ${gateway.url} --content-url ${content.url}${credential}`,
    gateway: `${cluster} --content-url ${content.url} --listen ${new URL(gateway.url).host} --store records.sqlite ${projects}${keys}`,
    content: `--listen ${new URL(content.url).host} --blobs content${credential}`,
  };
  if (without.length === 0) return [];
  return ['Yours to run:', ...without.map((name) => `  node fabric/${name}/main.ts ${lines[name]}`), ''];
}

/** How to speak to the gateway. */
function client({ gateway: { url, project, tokenFile } }: Endpoints): string[] {
  const tasks = `${url}/fabric/v4/projects/${project}/tasks`;
  if (tokenFile === undefined) {
    return ['Authentication: none (--anonymous). Whoever reaches 127.0.0.1 may do everything.', `curl ${tasks}`];
  }
  return [
    `npx fabric configure --file ${tokenFile} --project ${project}`,
    `cortex configure --file ${tokenFile} --project ${project}`,
    `curl -H "Authorization: Bearer $(npx orrery token --file ${tokenFile})" ${tasks}`,
  ];
}

function welcome(endpoints: Endpoints, flags: UpFlags): string {
  const pace = flags.speed === 1 ? 'in real time' : `${flags.speed} times as fast as the wall clock`;
  return [
    `Fabric is up, ${pace}; recorded, not replayable.`,
    `  Kubernetes  ${endpoints.kubernetes.url}`,
    `  gateway     ${endpoints.gateway.url}/fabric/v4/info`,
    `  content     ${endpoints.content.url}`,
    `  control     ${endpoints.control.url}/clock`,
    '',
    ...missing(endpoints, flags),
    `export KUBECONFIG=${endpoints.kubernetes.kubeconfig}`,
    'kubectl get tasks,jobs,pods',
    '',
    ...client(endpoints),
    '',
    flags.detached
      ? `In the background, pid ${endpoints.pid}. It ends by: curl -X POST ${endpoints.control.url}/stop`
      : 'Ctrl-C stops it and leaves nothing behind.',
    '',
  ].join('\n');
}
