/** The Job that a CronJob starts for one slot (semantics 2.7). Pure. */
import { loadZone } from '../../../cron/zone.ts';
import type { CronJob, Job } from '../../../kubernetes/objects.ts';

const scheduledTimestamp = 'batch.kubernetes.io/cronjob-scheduled-timestamp';

/** One name a minute: two slots of one minute collide (`@every 10s`). */
export function jobName(cronJob: CronJob, scheduledAtMs: number): string {
  return `${cronJob.metadata?.name ?? ''}-${Math.floor(scheduledAtMs / 60_000)}`;
}

export function jobFor(cronJob: CronJob, scheduledAtMs: number): Job {
  const template = cronJob.spec?.jobTemplate;
  const { labels, annotations } = template?.metadata ?? {};
  const { name, namespace, uid } = cronJob.metadata ?? {};
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: {
      name: jobName(cronJob, scheduledAtMs),
      namespace,
      ...(labels ? { labels } : {}),
      annotations: {
        ...annotations,
        [scheduledTimestamp]: localTime(scheduledAtMs, cronJob.spec?.timeZone),
      },
      ownerReferences: [
        {
          apiVersion: 'batch/v1',
          kind: 'CronJob',
          name: name ?? '',
          uid: uid ?? '',
          controller: true,
          blockOwnerDeletion: true,
        },
      ],
    },
    ...(template?.spec ? { spec: template.spec } : {}),
  };
}

/** RFC 3339 with the zone's offset, `Z` where that is 0. */
function localTime(epochMs: number, timeZone: string | undefined): string {
  const offsetMs = loadZone(timeZone ?? '').offsetMsAt(epochMs);
  const local = new Date(epochMs + offsetMs).toISOString().slice(0, 19);
  if (offsetMs === 0) return `${local}Z`;
  const minutes = Math.floor(Math.abs(offsetMs) / 60_000);
  const two = (number: number): string => String(number).padStart(2, '0');
  return `${local}${offsetMs < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}
