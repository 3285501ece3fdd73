/** What runs skills. Begin reading in `runtime.ts`. */
import type { RuntimeName } from '../schemas/skill.ts';
import type { Gateway } from '../settings.ts';
import { daemonRuntime } from './daemons/daemons.ts';
import { externalApiRuntime } from './external-api.ts';
import { jobRuntime } from './jobs/jobs.ts';
import type { Runtime } from './runtime.ts';

export function runtimesOf(gateway: Gateway): Readonly<Record<RuntimeName, Runtime>> {
  return {
    'cortex/jobs': jobRuntime(gateway),
    'cortex/daemons': daemonRuntime(gateway),
    'cortex/external-api': externalApiRuntime(gateway),
  };
}
