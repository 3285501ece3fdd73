/** Answers of skills' routes (contract 3.7). */
import { z } from 'zod';
import { named } from '../../../openapi/operation.ts';
import { skillDocument } from '../skill.ts';
import { instant, kept, success } from './common.ts';

const skill = named(
  'Skill',
  skillDocument
    .extend({
      ...kept,
      deployStatus: z.enum(['DEPLOYED', 'UNDEPLOYED', 'FAILED']),
      deployMessage: z.string().optional(),
      actionStatuses: z.array(z.looseObject({ name: z.string(), state: z.string() })).optional(),
    })
    .describe('The document as it was saved, with what the platform knows of it.'),
);
export const skillAnswer = skill;
export const skillsAnswer = z.strictObject({ skills: z.array(skill) });

const version = z.strictObject({
  name: z.string(),
  version: z.int(),
  updatedAt: instant,
  updatedBy: z.string(),
  skill: z.looseObject({}),
});
export const skillVersionsAnswer = z.strictObject({ success, versions: z.array(version) });

const resource = z.looseObject({ apiVersion: z.string(), kind: z.string() });
/** With `dryrun`, what Kubernetes would be given. */
export const deployAnswer = z.union([z.strictObject({ success, message: z.string() }), z.array(resource)]);

export const skillLogsAnswer = z.strictObject({ success, logs: z.string() });
