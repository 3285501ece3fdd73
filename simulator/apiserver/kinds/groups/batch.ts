/** Jobs and CronJobs. Source: upstream pkg/registry/batch; semantics 1.13. */
import { cronJobs, jobs } from '../../../../kubernetes/resources.ts';
import { recordAt } from '../../json.ts';
import { defineResource, statusOf } from '../resource.ts';

export const jobResource = defineResource(
  jobs,
  {
    generation: 'spec',
    orphanByDefault: true,
    statusMembers: ['status'],
    fields: { 'status.successful': (object) => String(recordAt(object, 'status').succeeded ?? 0) },
  },
  { categories: ['all'], subresources: [statusOf(jobs)] },
);

export const cronJobResource = defineResource(
  cronJobs,
  { generation: 'spec', statusMembers: ['status'] },
  { shortNames: ['cj'], categories: ['all'], subresources: [statusOf(cronJobs)] },
);
