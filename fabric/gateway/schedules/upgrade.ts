/**
 * Brings what earlier versions of the gateway have left to this one: the system's skill in each project, and the Tasks
 * of schedules.
 */
import { isDeepStrictEqual } from 'node:util';
import { hasReason, type KubernetesClient } from '../../../kubernetes/client.ts';
import { sysInvokeSkill } from '../../sys-invoke-skill/skill.ts';
import { type Task, tasks } from '../../task/index.ts';
import type { Gateway } from '../settings.ts';
import { systemUser } from '../skills/system.ts';
import { invocationIn, specOfSchedule } from './scheduled-task.ts';
import { ensureSystemSkill } from './system-skill.ts';

const retryMs = 10_000;

/** Goes on until all is done or the signal is aborted. Never rejects. */
export async function upgradeSchedules(gateway: Gateway, client: KubernetesClient, signal: AbortSignal): Promise<void> {
  const { world } = gateway;
  while (!signal.aborted) {
    try {
      await upgradeSkills(gateway);
      await upgradeTasks(gateway, client);
      return;
    } catch (error) {
      world.log.warn('schedules cannot be upgraded at the moment', { error: String(error) });
    }
    await world.clock.sleep(retryMs, signal).catch(() => undefined);
  }
}

async function upgradeSkills(gateway: Gateway): Promise<void> {
  for (const { projectId, name, createdBy } of await gateway.skills.all()) {
    if (name === sysInvokeSkill && createdBy === systemUser) await ensureSystemSkill(gateway, projectId);
  }
}

async function upgradeTasks(gateway: Gateway, client: KubernetesClient): Promise<void> {
  const { items } = await client.list<Task>(tasks, { namespace: gateway.namespace });
  for (const task of items) {
    const change = upgradeOf(gateway, task);
    if (!change) continue;
    const name = task.metadata?.name ?? '';
    await client
      .patch(tasks, gateway.namespace, name, 'merge', change, { fieldManager: 'gateway' })
      .catch((error: unknown) => {
        if (!hasReason(error, 'NotFound')) throw error;
      });
    gateway.world.log.info('schedule upgraded', { task: name, image: gateway.invokeImage });
  }
}

/**
 * What of the Task this gateway would write otherwise; undefined when nothing, or when the Task is no scheduled
 * agent's.
 */
function upgradeOf(gateway: Gateway, task: Task): object | undefined {
  const invocation = invocationIn(task);
  const { spec, metadata } = task;
  if (!invocation || !spec || metadata?.deletionTimestamp) return undefined;
  const { schedule = '', concurrencyPolicy = 'Allow', username = '' } = spec;
  const wanted = specOfSchedule({
    invocation: { ...invocation, apiEndpoint: gateway.apiEndpoint },
    ...{ schedule, concurrencyPolicy, username },
    image: gateway.invokeImage,
  });
  const changed = Object.entries(wanted).filter(
    ([field, value]) => !isDeepStrictEqual(spec[field as keyof typeof spec], value),
  );
  if (changed.length === 0) return undefined;
  const { uid, resourceVersion } = metadata ?? {};
  return { metadata: { uid, resourceVersion }, spec: Object.fromEntries(changed) };
}
