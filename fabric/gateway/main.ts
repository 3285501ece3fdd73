/** `node fabric/gateway/main.ts`: the gateway as a program, its records in a SQLite file or in MongoDB. */
import { resolve } from 'node:path';
import { InvalidArgumentError } from 'commander';
import { withinNamespace } from '../../kubernetes/one-namespace.ts';
import { makePrivateFile, narrowFile } from '../../world/real/private.ts';
import type { World } from '../../world/world.ts';
import { type AccessFlags, accessFlags, accessOf } from '../access-flags.ts';
import { parseCredential } from '../identity/internal-credential.ts';
import {
  baseUrl,
  type CommonFlags,
  checkAddress,
  clusterClient,
  flag,
  kubeconfigFlag,
  type ListenFlags,
  listenFlags,
  program,
  run,
  wholeNumber,
} from '../program.ts';
import { runSysInvokeSkill } from '../sys-invoke-skill/main.ts';
import { sysInvokeArguments } from '../sys-invoke-skill/skill.ts';
import { outwardHosts } from './outward/flag.ts';
import { bringableKinds, resourceKindsDefault } from './runtimes/daemons/kinds.ts';
import { apiEndpointDefault } from './runtimes/delivered.ts';
import { ownImage } from './schedules/own-image.ts';
import { startGateway } from './server.ts';
import { openEmbeddedFile } from './stores/embedded/store.ts';
import type { Store } from './stores/store.ts';

interface Flags extends CommonFlags, ListenFlags, AccessFlags {
  readonly kubeconfig?: string;
  readonly namespace: string;
  readonly onlyNamespace?: true;
  readonly contentUrl?: string;
  readonly store: string;
  readonly projects?: readonly string[];
  readonly createProjects?: true;
  readonly persistTasks: boolean;
  readonly recordRetention?: number;
  readonly apiEndpoint: string;
  readonly invokeImage?: string;
  readonly podName?: string;
  readonly allowOutward: readonly string[];
  readonly skillResourceKinds: readonly string[];
  readonly secretsKey?: string;
}

const command = accessFlags(
  listenFlags(program('gateway', 'Fabric’s REST API over task records, schedules and logs.'), '127.0.0.1:8080'),
)
  .addOption(kubeconfigFlag())
  .addOption(flag('--namespace <name>', 'where new Tasks are made', 'FABRIC_NAMESPACE').default('default'))
  .option('--only-namespace', 'look for Tasks in that namespace alone, with rights in no other')
  .addOption(
    flag(
      '--content-url <url>',
      'managed content; absent: neither stored logs nor files',
      'FABRIC_CONTENT_URL',
      baseUrl,
    ),
  )
  .addOption(
    flag(
      '--store <file or url>',
      'where the records are: a SQLite file, made when missing, or mongodb://host:port/database',
      'FABRIC_STORE',
    ).makeOptionMandatory(),
  )
  .addOption(
    flag('--projects <a,b>', 'projects that there are from the start', 'FABRIC_PROJECTS', (text) => text.split(',')),
  )
  .addOption(
    flag('--create-projects', 'make a project when a request names it that may see it', 'FABRIC_CREATE_PROJECTS'),
  )
  .addOption(
    flag(
      '--invoke-image <image>',
      'image of the runs of scheduled agents: the gateway’s own; absent: that of its pod, or orrery/gateway of this version',
      'FABRIC_INVOKE_IMAGE',
    ),
  )
  .addOption(flag('--pod-name <name>', 'the pod in --namespace in which the gateway runs', 'FABRIC_POD_NAME'))
  .addOption(
    flag(
      '--api-endpoint <url>',
      'where jobs and daemons reach this gateway, as their messages say; clients of secrets and connections need it without a port',
      'FABRIC_API_ENDPOINT',
      baseUrl,
    ).default(apiEndpointDefault),
  )
  .option(
    '--no-persist-tasks',
    'write no records of tasks: what is told of them is what the cluster has (start the operator without --gateway-url then)',
  )
  .addOption(
    flag(
      '--record-retention <seconds>',
      'how long records of tasks and activations are kept after their end; 30 days unless given',
      'FABRIC_RECORD_RETENTION',
      wholeNumber,
    ),
  )
  .addOption(
    flag(
      '--allow-outward <host,...>',
      'hosts, with or without a port, that external APIs and callbacks may name although they stand inside',
      'FABRIC_ALLOW_OUTWARD',
      outwardHosts,
    ).default([]),
  )
  .addOption(
    flag(
      '--skill-resource-kinds <kind,...>',
      `kinds of resources that skills may bring along (of ${bringableKinds.join(', ')}), or "none"; the gateway needs the rights`,
      'FABRIC_SKILL_RESOURCE_KINDS',
      resourceKinds,
    ).default(resourceKindsDefault, resourceKindsDefault.join(',')),
  )
  .addOption(
    flag(
      '--secrets-key <file>',
      'seals the secrets of projects in the store: one line of 16 characters or more; made from --signing-key unless given',
      'FABRIC_SECRETS_KEY_FILE',
    ),
  )
  .action(async (flags: Flags) => {
    await run('gateway', flags, async (world) => {
      const access = await accessOf(world, flags);
      if (!access) checkAddress(command, world, flags.listen, flags.insecureListen === true);
      const whole = await clusterClient(world, flags.kubeconfig);
      const client = flags.onlyNamespace ? withinNamespace(whole, flags.namespace) : whole;
      const secretsKey = await secretsKeyOf(world, flags.secretsKey);
      const { podName } = flags;
      const invokeImage =
        flags.invokeImage ?? (podName ? await ownImage(world, whole, flags.namespace, podName) : undefined);
      const store = await openStore(world, flags.store);
      const { listen: address, allowHost: hosts, namespace, contentUrl } = flags;
      const starting = startGateway({
        ...{ world, address, hosts, store, client, namespace, contentUrl, access },
        ...{ projects: flags.projects, createProjectsOnUse: flags.createProjects === true, secretsKey },
        persistTasks: flags.persistTasks,
        ...(flags.recordRetention === undefined ? {} : { recordRetentionSeconds: flags.recordRetention }),
        ...{ apiEndpoint: flags.apiEndpoint, invokeImage },
        ...{ allowedOutward: flags.allowOutward, skillResourceKinds: flags.skillResourceKinds },
      });
      const gateway = await starting.catch(async (error: unknown) => {
        await store.close();
        throw error;
      });
      return {
        async stop(graceMs) {
          await gateway.stop(graceMs);
          await store.close();
        },
      };
    });
  });

async function secretsKeyOf(world: World, file: string | undefined): Promise<string | undefined> {
  if (file === undefined) return undefined;
  return parseCredential((await world.files.read(resolve(file))).toString('utf8'), 'the key of secrets');
}

function resourceKinds(text: string): string[] {
  if (text === 'none') return [];
  const kinds = text.split(',').map((kind) => kind.trim());
  const wrong = kinds.find((kind) => !bringableKinds.includes(kind));
  if (wrong === undefined) return kinds;
  throw new InvalidArgumentError(
    `${JSON.stringify(wrong)} is none of the kinds that skills can bring: ${bringableKinds.join(', ')}.`,
  );
}

/** The driver is loaded only where it is used. */
async function openStore(world: World, where: string): Promise<Store> {
  if (!/^mongodb(\+srv)?:\/\//.test(where)) return openFile(world, resolve(where));
  const { openMongoStore } = await import('./stores/mongodb/store.ts');
  return openMongoStore({ world, url: where });
}

/** SQLite gives what it writes beside a file the rights of the file. */
function openFile(world: World, path: string): Promise<Store> {
  makePrivateFile(path);
  for (const beside of ['-wal', '-shm']) narrowFile(path + beside);
  return openEmbeddedFile(world, path);
}

// No command of the gateway's: none of its flags is a run's, and `--store` must be given to it alone.
if (process.argv[2] === sysInvokeArguments[0]) {
  const exitCode = await runSysInvokeSkill(process.argv[3] ?? '');
  // Connections that are kept would hold the process; what was printed is written first.
  process.stdout.write('', () => process.exit(exitCode));
} else {
  await command.parseAsync();
}
