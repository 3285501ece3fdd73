/**
 * What the programs of the three services have in common: flags and environment, the cluster, start, and an end on
 * SIGTERM or SIGINT that lets work under way finish. The machine's half of `fabric/`: everything else takes its World
 * from here.
 */
import { Command, InvalidArgumentError, Option } from 'commander';
import type { KubernetesClient, NodeLogs } from '../kubernetes/client.ts';
import { createHttpClient, loadKubeConfig } from '../kubernetes/http-client.ts';
import { type LogLevel, lineLog } from '../world/real/log.ts';
import { realWorld } from '../world/real/world.ts';
import { isHostName } from '../world/visitors.ts';
import type { World } from '../world/world.ts';
import { misspeltVariables } from './misspelt-variables.ts';

export interface CommonFlags {
  readonly logLevel: LogLevel;
  readonly stopDeadline: number;
}

export interface ListenFlags {
  readonly listen: string;
  readonly insecureListen?: true;
  readonly allowHost: readonly string[];
}

interface Stoppable {
  /** Ends it; requests under way get at most `graceMs`. */
  stop(graceMs: number): Promise<void>;
}

/** A command without flags of its own yet. Each flag can be given by the environment variable that its help names. */
export function program(name: string, description: string): Command {
  const levels = ['debug', 'info', 'warn', 'error'];
  return new Command(name)
    .description(description)
    .showHelpAfterError(`("${name} --help" shows all flags)`)
    .addOption(
      new Option('--log-level <level>', 'least level of the log lines (JSON, standard error)')
        .choices(levels)
        .default('info')
        .env('FABRIC_LOG_LEVEL'),
    )
    .addOption(
      flag(
        '--stop-deadline <seconds>',
        'how long work under way may take to finish after SIGTERM',
        'FABRIC_STOP_DEADLINE',
        wholeNumber,
      ).default(10),
    );
}

/** Those of this program's flags, for what is said of misspelt ones. */
const variables = new Set(['FABRIC_LOG_LEVEL']);

/**
 * A flag that an environment variable can give as well. `parse` throws InvalidArgumentError with what to write instead.
 */
export function flag<T>(
  flags: string,
  description: string,
  variable: string,
  parse?: (text: string, before: T) => T,
): Option {
  variables.add(variable);
  const option = new Option(flags, description).env(variable);
  return parse ? option.argParser(parse) : option;
}

export function kubeconfigFlag(): Option {
  return flag(
    '--kubeconfig <file>',
    'kubeconfig file, or "in-cluster" for the service account of the pod; absent: what kubectl takes ($KUBECONFIG, ~/.kube/config)',
    'FABRIC_KUBECONFIG',
  );
}

/** `--listen`, `--insecure-listen` and `--allow-host`. */
export function listenFlags(command: Command, address: string): Command {
  return command
    .addOption(
      flag(
        '--listen <host:port>',
        'address to listen on; port 0 picks a free one',
        'FABRIC_LISTEN',
        hostAndPort,
      ).default(address),
    )
    .addOption(
      flag(
        '--allow-host <name,...>',
        'names or addresses under which it may be asked, besides that of --listen, localhost and 127.0.0.1',
        'FABRIC_ALLOW_HOST',
        hostNames,
      ).default([]),
    )
    .option('--insecure-listen', 'listen on other addresses than 127.0.0.1 although nobody is asked who he is');
}

/**
 * Runs a service until SIGTERM or SIGINT. The process ends with 0 when the service has stopped, with 1 when it could
 * not start or did not stop before its deadline.
 */
export async function run(
  name: string,
  flags: CommonFlags,
  start: (world: World) => Promise<Stoppable>,
): Promise<void> {
  const world = realWorld(name, lineLog(name, flags.logLevel));
  for (const { name: given, meant } of misspeltVariables(Object.keys(process.env), [...variables])) {
    world.log.warn('unknown environment variable', { variable: given, meant });
  }
  const signalled = stopSignal();
  const started = start(world).catch((error: unknown) => {
    world.log.error(`${name} cannot start`, { error: error instanceof Error ? error.message : String(error) });
    process.exit(1);
  });
  const signal = await signalled;
  const deadlineMs = flags.stopDeadline * 1000;
  world.log.info('stopping', { signal, deadlineMs });
  // What had not started by then has nothing to finish.
  const service = await Promise.race([started, Promise.resolve(undefined)]);
  world.clock.after(deadlineMs + lastMs, () => {
    world.log.error('not stopped in time: ended', { deadlineMs });
    process.exit(1);
  });
  await service?.stop(deadlineMs);
  world.log.info('stopped');
  process.exit(0);
}

/** After the requests' own deadline: closing what is left. */
const lastMs = 1_000;

/** A second signal ends the process at once, as the shell's user expects. */
function stopSignal(): Promise<string> {
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve(signal));
  });
}

/** A client of the cluster that `kubeconfig` names. */
export async function clusterClient(
  world: World,
  kubeconfig: string | undefined,
): Promise<KubernetesClient & NodeLogs> {
  const config = await clusterConfig(kubeconfig);
  const server = config.getCurrentCluster()?.server;
  // What the loader falls back to when it finds nothing at all.
  if (kubeconfig === undefined && server === 'http://localhost:8080') {
    throw new Error('no cluster is configured: give --kubeconfig FILE, or --kubeconfig in-cluster inside a pod');
  }
  world.log.info('cluster', { server });
  return createHttpClient({ world, config });
}

async function clusterConfig(kubeconfig: string | undefined): ReturnType<typeof loadKubeConfig> {
  if (kubeconfig !== 'in-cluster') return loadKubeConfig(kubeconfig);
  const { KubeConfig } = await import('@kubernetes/client-node/dist/config.js');
  const config = new KubeConfig();
  config.loadFromCluster();
  return config;
}

/**
 * Refuses an address that other machines reach where nobody is asked who he is: whoever reaches such a service may do
 * everything. Says so in the log where it is wanted all the same.
 */
export function checkAddress(command: Command, world: World, address: string, insecure: boolean): void {
  const host = address.slice(0, address.lastIndexOf(':'));
  const isLoopback = host === 'localhost' || /^127(\.\d{1,3}){3}$/.test(host);
  if (!isLoopback && !insecure) {
    command.error(
      `error: ${address} can be reached from other machines, and nobody is asked who he is: listen on 127.0.0.1, give it what it asks with (see --help), or say --insecure-listen`,
    );
  }
  world.log.warn('authentication: none', {
    address,
    reach: isLoopback ? 'this machine' : 'whoever reaches the address',
  });
}

export function hostAndPort(text: string): string {
  const [, port] = /^[^\s:/[\]]+:(\d{1,5})$/.exec(text) ?? [];
  if (port === undefined || Number(port) > 65_535) {
    throw new InvalidArgumentError('Write host:port, such as 127.0.0.1:8080 (IPv6 addresses are not supported).');
  }
  return text;
}

/** Names and addresses, without ports, commas in between; given again, they add up. */
function hostNames(text: string, before: readonly string[]): string[] {
  const names = text.split(',').map((name) => name.trim());
  const wrong = names.find((name) => !isHostName(name));
  if (wrong === undefined) return [...before, ...names];
  throw new InvalidArgumentError(`${JSON.stringify(wrong)} is no host: write a name or an address, without a port.`);
}

/** A base URL, without a slash at its end. */
export function baseUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^https?:$/.test(url.protocol) || url.search !== '' || url.hash !== '') {
    throw new InvalidArgumentError('Write a base URL, such as http://127.0.0.1:8080.');
  }
  return text.replace(/\/+$/, '');
}

/** A whole number above 0. */
export function wholeNumber(text: string): number {
  if (!/^[1-9]\d{0,14}$/.test(text)) throw new InvalidArgumentError('Write a whole number above 0.');
  return Number(text);
}
