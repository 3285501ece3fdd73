/** `node fabric/operator/main.ts`: the operator as a program, against any cluster. */
import { type CredentialFlags, credentialFlag, credentialOf } from '../access-flags.ts';
import { createRoutes, serve } from '../http/index.ts';
import {
  baseUrl,
  type CommonFlags,
  checkAddress,
  clusterClient,
  flag,
  hostAndPort,
  kubeconfigFlag,
  program,
  run,
  wholeNumber,
} from '../program.ts';
import { installDefinitions, startOperator } from './index.ts';

interface Flags extends CommonFlags, CredentialFlags {
  readonly kubeconfig?: string;
  readonly namespace?: string;
  readonly gatewayUrl?: string;
  readonly contentUrl?: string;
  readonly reportsPerSecond?: number;
  readonly logStreams?: number;
  readonly logBytesPerSecond?: number;
  readonly logTtl?: number;
  readonly nodeLogs?: true;
  readonly finishedTaskTtl?: number;
  readonly safetyDeadline?: number;
  readonly deletionDeadline?: number;
  readonly workers?: number;
  readonly installDefinitions?: true;
  readonly healthListen?: string;
  readonly insecureListen?: true;
}

const command = credentialFlag(
  program('operator', 'Turns Tasks into Jobs and CronJobs, reports them to the gateway and ships their logs.'),
)
  .addOption(kubeconfigFlag())
  .addOption(flag('--namespace <name>', 'only Tasks of this namespace; absent: of all', 'FABRIC_NAMESPACE'))
  .addOption(flag('--gateway-url <url>', 'absent: nothing is reported', 'FABRIC_GATEWAY_URL', baseUrl))
  .addOption(
    flag('--content-url <url>', 'managed content; absent: logs stay in the cluster', 'FABRIC_CONTENT_URL', baseUrl),
  )
  .addOption(flag('--reports-per-second <n>', 'to the gateway, at most (50)', 'FABRIC_REPORTS_PER_SECOND', wholeNumber))
  .addOption(flag('--log-streams <n>', 'logs shipped at once, at most (32)', 'FABRIC_LOG_STREAMS', wholeNumber))
  .addOption(
    flag('--log-bytes-per-second <n>', 'of all logs together (no limit)', 'FABRIC_LOG_BYTES_PER_SECOND', wholeNumber),
  )
  .addOption(
    flag(
      '--node-logs',
      'read log files from the nodes where the log API is slow or has rotated them away: needs the right to get nodes/proxy',
      'FABRIC_NODE_LOGS',
    ),
  )
  .addOption(
    flag(
      '--log-ttl <seconds>',
      'time to live of shipped logs (managed content’s own rule)',
      'FABRIC_LOG_TTL',
      wholeNumber,
    ),
  )
  .addOption(
    flag(
      '--finished-task-ttl <seconds>',
      'how long a finished one-time Task stays that does not say so (3600)',
      'FABRIC_FINISHED_TASK_TTL',
      wholeNumber,
    ),
  )
  .addOption(
    flag(
      '--safety-deadline <seconds>',
      'how long a finished Job waits for its record and log to be safe (86400)',
      'FABRIC_SAFETY_DEADLINE',
      wholeNumber,
    ),
  )
  .addOption(
    flag(
      '--deletion-deadline <seconds>',
      'the same for a Job that is being deleted (600)',
      'FABRIC_DELETION_DEADLINE',
      wholeNumber,
    ),
  )
  .addOption(flag('--workers <n>', 'Tasks and Jobs looked at at once (8 each)', 'FABRIC_WORKERS', wholeNumber))
  .option('--install-definitions', 'first bring the definitions of Task and TaskPool to the cluster')
  .addOption(
    flag('--health-listen <host:port>', 'serve /healthz and /readyz there', 'FABRIC_HEALTH_LISTEN', hostAndPort),
  )
  .option('--insecure-listen', 'let --health-listen be another address than 127.0.0.1')
  .action(async (flags: Flags) => {
    await run('operator', flags, async (world) => {
      if (flags.healthListen !== undefined) {
        checkAddress(command, world, flags.healthListen, flags.insecureListen === true);
      }
      const client = await clusterClient(world, flags.kubeconfig);
      let isReady = false;
      const health =
        flags.healthListen === undefined
          ? undefined
          : await serve({
              world,
              address: flags.healthListen,
              routes: createRoutes(),
              async ready() {
                if (!isReady) throw new Error('the cluster has not been seen as a whole yet');
              },
            });
      if (health) world.log.info('health listens', { url: health.url });
      if (flags.installDefinitions) await installDefinitions(world, client);
      const operator = await startOperator({
        world,
        client,
        namespace: flags.namespace,
        credential: await credentialOf(world, flags),
        gatewayUrl: flags.gatewayUrl,
        contentUrl: flags.contentUrl,
        reports: { requestsPerSecond: flags.reportsPerSecond },
        logs: {
          maximumStreams: flags.logStreams,
          bytesPerSecond: flags.logBytesPerSecond,
          ttlSeconds: flags.logTtl,
          ...(flags.nodeLogs ? { nodeLogs: client } : {}),
        },
        workers: flags.workers,
        finishedTaskTtlSeconds: flags.finishedTaskTtl,
        safetyDeadlineSeconds: flags.safetyDeadline,
        deletionDeadlineSeconds: flags.deletionDeadline,
      });
      isReady = true;
      return {
        async stop(graceMs) {
          await Promise.all([operator.stop(), health?.stop(graceMs)]);
        },
      };
    });
  });

await command.parseAsync();
