/** CronJobs at create and update. Models ValidateCronJobCreate and ValidateCronJobUpdate; semantics 2.2. */

import type { V1CronJobSpec, V1JobTemplateSpec } from '@kubernetes/client-node';
import { parseSchedule } from '../../../cron/schedule.ts';
import { zoneNames } from '../../../cron/zone-names.ts';
import type { CronJob, JobSpec, Wire } from '../../../kubernetes/objects.ts';
import type { FieldError } from '../errors.ts';
import { dnsSubdomain } from '../schema/names.ts';
import { invalid, nonNegative, notSupported, oneOf, required } from './field.ts';
import { validateJobSpec } from './job.ts';
import { validateMetadata, validateMetadataUpdate } from './metadata.ts';

type CronJobSpec = Partial<Wire<V1CronJobSpec>>;

/** The controller appends `-` and ten digits, and a Job's name has at most 63 characters. */
const nameBytesMax = 52;
const policies = ['Allow', 'Forbid', 'Replace'];

export function validateCronJob(cronJob: CronJob): FieldError[] {
  const name = cronJob.metadata?.name ?? '';
  return [
    ...validateMetadata(cronJob, { namespaced: true, name: dnsSubdomain, qualifiedFinalizers: true }),
    ...validateSpec(cronJob.spec ?? {}, undefined),
    ...(Buffer.byteLength(name) > nameBytesMax
      ? [invalid('metadata.name', name, `must be no more than ${nameBytesMax} characters`)]
      : []),
  ];
}

/** The name's length is not looked at again, so that old CronJobs can still be changed. */
export function validateCronJobUpdate(cronJob: CronJob, old: CronJob): FieldError[] {
  return [...validateMetadataUpdate(cronJob, old), ...validateSpec(cronJob.spec ?? {}, old.spec ?? {})];
}

function validateSpec(spec: CronJobSpec, before: CronJobSpec | undefined): FieldError[] {
  const zoneChanged = before === undefined || before.timeZone !== spec.timeZone;
  return [
    ...validateSchedule(spec, before?.schedule?.includes('TZ') ?? false),
    ...nonNegative('spec.startingDeadlineSeconds', spec.startingDeadlineSeconds),
    ...(zoneChanged && spec.timeZone !== undefined ? validateTimeZone(spec.timeZone) : []),
    ...oneOf('spec.concurrencyPolicy', spec.concurrencyPolicy, policies),
    ...validateTemplate(spec.jobTemplate, 'spec.jobTemplate'),
    ...nonNegative('spec.successfulJobsHistoryLimit', spec.successfulJobsHistoryLimit),
    ...nonNegative('spec.failedJobsHistoryLimit', spec.failedJobsHistoryLimit),
  ];
}

/** `zoneKept`: the stored schedule holds a zone already, from the time when that was allowed. */
function validateSchedule(spec: CronJobSpec, zoneKept: boolean): FieldError[] {
  const path = 'spec.schedule';
  const schedule = spec.schedule ?? '';
  if (schedule === '') return [required(path)];
  const errors = validateGrammar(schedule, path);
  if (!schedule.includes('TZ')) return errors;
  if (!zoneKept) {
    const detail = 'cannot use TZ or CRON_TZ in schedule, use timeZone field instead';
    errors.push(invalid(path, schedule, detail));
  } else if (spec.timeZone !== undefined) {
    errors.push(invalid(path, schedule, 'cannot use both timeZone field and TZ or CRON_TZ in schedule'));
  }
  return errors;
}

function validateGrammar(schedule: string, path: string): FieldError[] {
  try {
    parseSchedule(schedule);
    return [];
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return [invalid(path, schedule, error.message)];
  }
}

const zonePart = /^[A-Za-z.\-_0-9+]{1,14}$/;

function validateTimeZone(zone: string): FieldError[] {
  const path = 'spec.timeZone';
  if (zone === '') return [invalid(path, zone, 'timeZone must be nil or non-empty string')];
  const unknown = invalid(path, zone, `unknown time zone ${zone}`);
  const readable = zone
    .split('/')
    .every((part) => part !== '.' && part !== '..' && !part.startsWith('-') && zonePart.test(part));
  if (!readable) return [unknown];
  const errors: FieldError[] = [];
  if (zone.toLowerCase() === 'local') {
    const detail = 'timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones';
    errors.push(invalid(path, zone, detail));
  }
  return zone === 'Local' || zoneNames.has(zone) ? errors : [...errors, unknown];
}

/** The Job's rules, without the selector that each Job gets for itself. */
function validateTemplate(template: Wire<V1JobTemplateSpec> | undefined, path: string): FieldError[] {
  const spec = template?.spec ?? ({ template: {} } as JobSpec);
  const errors = validateJobSpec(spec, `${path}.spec`);
  if (spec.selector) errors.push(invalid(`${path}.spec.selector`, spec.selector, '`selector` will be auto-generated'));
  if (spec.manualSelector) errors.push(notSupported(`${path}.spec.manualSelector`, true, ['nil', 'false']));
  return errors;
}
