/** The rules of Jobs and CronJobs. Source: upstream pkg/registry/batch; semantics 2.1, 3.1, 1.13. */
import { cronJobs, jobs } from '../../../kubernetes/resources.ts';
import { type ApiObject, isRecord, recordAt } from '../json.ts';
import { defineResource, statusOf } from '../resource.ts';

const controllerUid = 'batch.kubernetes.io/controller-uid';

/** Labels and selector that tie the pods to the Job, unless the user brings a selector (manualSelector). */
function generateSelector(job: ApiObject): void {
  const spec = recordAt(job, 'spec');
  if (spec.manualSelector === true || !isRecord(spec.template)) return;
  const template = spec.template;
  const metadata = isRecord(template.metadata) ? template.metadata : {};
  template.metadata = metadata;
  const labels = isRecord(metadata.labels) ? metadata.labels : {};
  metadata.labels = labels;
  const { uid = '', name = '' } = job.metadata;
  const generated = {
    [controllerUid]: uid,
    'controller-uid': uid,
    'batch.kubernetes.io/job-name': name,
    'job-name': name,
  };
  // A value of the user's stays, and validation refuses it when it differs.
  for (const [label, value] of Object.entries(generated)) labels[label] ??= value;
  if (spec.selector === undefined) spec.selector = { matchLabels: { [controllerUid]: uid } };
}

/** A Job without labels takes its template's: those of the user, and with a given name the generated ones too (semantics 3.1). */
function adoptTemplateLabels(job: ApiObject): void {
  const labels = recordAt(recordAt(recordAt(job, 'spec').template, 'metadata'), 'labels');
  if (Object.keys(job.metadata.labels ?? {}).length > 0 || Object.keys(labels).length === 0) return;
  job.metadata.labels = { ...labels } as Record<string, string>;
}

export const jobResource = defineResource(
  jobs,
  {
    generation: 'spec',
    orphanByDefault: true,
    statusMembers: ['status'],
    prepareCreate(object, context) {
      object.status = {};
      if (context.generatedName) adoptTemplateLabels(object);
      generateSelector(object);
      if (!context.generatedName) adoptTemplateLabels(object);
    },
    fields: { 'status.successful': (object) => String(recordAt(object, 'status').succeeded ?? 0) },
  },
  { categories: ['all'], subresources: [statusOf(jobs)] },
);

export const cronJobResource = defineResource(
  cronJobs,
  {
    generation: 'spec',
    statusMembers: ['status'],
    prepareCreate(object) {
      object.status = {};
    },
  },
  { shortNames: ['cj'], categories: ['all'], subresources: [statusOf(cronJobs)] },
);
