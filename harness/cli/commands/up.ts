/** `orrery up`: a Fabric that keeps running, with real ports, until it is told to stop. */
import { rmSync, writeFileSync } from 'node:fs';
import { Command, InvalidArgumentError } from 'commander';
import type { FabricService } from '../../environments/environment.ts';
import { type Endpoints, startLive } from '../../up/live.ts';
import { readImages } from '../images.ts';
import { portNumber, positiveNumber } from '../numbers.ts';

/** First of the four default ports. */
const DEFAULT_PORT = 7440;

interface UpFlags {
  readonly port: number;
  readonly speed: number;
  readonly readyFile?: string;
  readonly images?: string;
  readonly namespace: string;
  readonly without: readonly FabricService[];
  readonly store?: string;
  readonly blobs?: string;
}

export function upCommand(): Command {
  return new Command('up')
    .description('keep a Fabric running on real ports, along the wall clock')
    .option(
      '--port <n>',
      'first of four ports in a row: Kubernetes, gateway, content, control; 0 picks free ones',
      portNumber,
      DEFAULT_PORT,
    )
    .option('--speed <n>', 'how many times as fast as the wall clock virtual time passes', positiveNumber, 1)
    .option('--ready-file <file>', 'written with all addresses when everything is up')
    .option('--images <file>', 'JSON: image name -> {"command": [...], "folder"?: ...}, run as local commands')
    .option('--namespace <name>', 'namespace for Tasks', 'default')
    .option('--without <services>', 'of operator, gateway, content (a,b) those that you run yourself', services, [])
    .option(
      '--store <url>',
      'keep task records in mongodb://host:port/database instead of a file that goes with the run',
    )
    .option(
      '--blobs <url>',
      'keep managed content in s3://KEY:SECRET@host:port/bucket instead of a folder that goes with the run',
    )
    .action(up);
}

async function up(flags: UpFlags): Promise<void> {
  // From the first moment on: who has enough during the start leaves nothing behind either.
  const stopped = stopSignal();
  const live = await startLive({
    port: flags.port,
    speed: flags.speed,
    images: readImages(flags.images),
    namespace: flags.namespace,
    without: flags.without,
    ...(flags.store === undefined ? {} : { store: flags.store }),
    ...(flags.blobs === undefined ? {} : { blobs: flags.blobs }),
  });
  process.stdout.write(welcome(live.endpoints, flags));
  if (flags.readyFile !== undefined) writeFileSync(flags.readyFile, `${JSON.stringify(live.endpoints, null, 2)}\n`);
  await stopped;
  process.stdout.write('\nstopping\n');
  await live.stop();
  if (flags.readyFile !== undefined) rmSync(flags.readyFile, { force: true });
}

const SERVICES: readonly FabricService[] = ['operator', 'gateway', 'content'];

function services(text: string): FabricService[] {
  return text.split(',').map((word) => {
    const service = SERVICES.find((name) => name === word.trim());
    if (!service) throw new InvalidArgumentError(`"${word}" is no service: write ${SERVICES.join(', ')}.`);
    return service;
  });
}

/** The command lines that start what `--without` left out. */
function missing(endpoints: Endpoints, { without, namespace }: UpFlags): string[] {
  const { kubernetes, gateway, content } = endpoints;
  const cluster = `--kubeconfig ${kubernetes.kubeconfig} --namespace ${namespace}`;
  const lines: Record<FabricService, string> = {
    operator: `${cluster} --gateway-url ${gateway.url} --content-url ${content.url}`,
    gateway: `${cluster} --content-url ${content.url} --listen ${new URL(gateway.url).host} --store records.sqlite`,
    content: `--listen ${new URL(content.url).host} --blobs content`,
  };
  if (without.length === 0) return [];
  return ['Yours to run:', ...without.map((name) => `  node fabric/${name}/main.ts ${lines[name]}`), ''];
}

function welcome(endpoints: Endpoints, flags: UpFlags): string {
  const pace = flags.speed === 1 ? 'in real time' : `${flags.speed} times as fast as the wall clock`;
  return [
    `Fabric is up, ${pace}; recorded, not replayable.`,
    `  Kubernetes  ${endpoints.kubernetes.url}`,
    `  gateway     ${endpoints.gateway.url}/fabric/v4/info`,
    `  content     ${endpoints.content.url}`,
    `  control     ${endpoints.control.url}/clock`,
    'Authentication of gateway and content: none (they listen on 127.0.0.1 only).',
    '',
    ...missing(endpoints, flags),
    `export KUBECONFIG=${endpoints.kubernetes.kubeconfig}`,
    'kubectl get tasks,jobs,pods',
    '',
    'Ctrl-C stops it and leaves nothing behind.',
    '',
  ].join('\n');
}

function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    process.once('SIGINT', () => resolve());
    process.once('SIGTERM', () => resolve());
    process.once('SIGHUP', () => resolve());
  });
}
