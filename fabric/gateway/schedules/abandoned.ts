/**
 * Activations whose run is gone. A run cancels its activation when it is terminated; one that was killed at once, with
 * its node or while the gateway was away, could not: the operator's report of its end is the last that is heard of it.
 */
import { sysInvokeSkill } from '../../sys-invoke-skill/skill.ts';
import { activationIdOf } from '../activations/idempotency.ts';
import type { RunningGateway } from '../running-gateway.ts';
import type { Report } from '../tasks/take-report.ts';

/** Cancels the activation of a scheduled run that ended without it. */
export async function cancelIfAbandoned(gateway: RunningGateway, report: Report): Promise<void> {
  const { skillName, projectId, uid, state, statusReason } = report;
  if (skillName !== sysInvokeSkill || (state !== 'FAILED' && state !== 'CANCELLED')) return;
  const activationId = activationIdOf(projectId, uid);
  const cancelled = await gateway.activations.cancel(activationId, false);
  if (cancelled) gateway.world.log.warn('its run is gone: activation cancelled', { activationId, statusReason });
}
