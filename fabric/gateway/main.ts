/** `node fabric/gateway/main.ts`: the gateway as a program, its records in a SQLite file or in MongoDB. */
import { resolve } from 'node:path';
import { withinNamespace } from '../../kubernetes/one-namespace.ts';
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
} from '../program.ts';
import { startGateway } from './server.ts';
import { openEmbeddedStore } from './stores/embedded/store.ts';
import type { Store } from './stores/store.ts';

interface Flags extends CommonFlags, ListenFlags {
  readonly kubeconfig?: string;
  readonly namespace: string;
  readonly onlyNamespace?: true;
  readonly contentUrl?: string;
  readonly store: string;
}

const command = listenFlags(
  program('gateway', 'Fabric’s REST API over task records, schedules and logs.'),
  '127.0.0.1:8080',
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
  .action(async (flags: Flags) => {
    await run('gateway', flags, async (world) => {
      checkAddress(command, world, flags.listen, flags.insecureListen === true);
      const whole = await clusterClient(world, flags.kubeconfig);
      const client = flags.onlyNamespace ? withinNamespace(whole, flags.namespace) : whole;
      const store = await openStore(flags.store);
      const { listen: address, namespace, contentUrl } = flags;
      const gateway = await startGateway({ world, address, store, client, namespace, contentUrl });
      return {
        async stop(graceMs) {
          await gateway.stop(graceMs);
          await store.close();
        },
      };
    });
  });

/** The driver is loaded only where it is used. */
async function openStore(where: string): Promise<Store> {
  if (!/^mongodb(\+srv)?:\/\//.test(where)) return openEmbeddedStore(resolve(where));
  const { openMongoStore } = await import('./stores/mongodb/store.ts');
  return openMongoStore({ url: where });
}

await command.parseAsync();
