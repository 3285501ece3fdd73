/** Answers of agents' routes, and of their snapshots' (contract 3.5). */
import { z } from 'zod';
import { named } from '../../../openapi/operation.ts';
import { agentDocument } from '../agent.ts';
import { instant, kept, success } from './common.ts';

const agent = named(
  'Agent',
  agentDocument
    .extend({ ...kept, deployStatus: z.enum(['DEPLOYED', 'UNDEPLOYED']) })
    .describe('The document as it was saved, with what the platform knows of it.'),
);
export const agentAnswer = agent;
export const agentsAnswer = z.strictObject({ agents: z.array(agent) });

const versionFacts = { name: z.string(), version: z.int(), updatedAt: instant, updatedBy: z.string() };
export const agentVersionsAnswer = z.strictObject({
  success,
  versions: z.array(z.strictObject({ ...versionFacts, agent: z.looseObject({}) })),
});

const snapshotFacts = {
  snapshotId: z.string(),
  title: z.string(),
  agentName: z.string(),
  agentVersion: z.int(),
  isTip: z.boolean(),
  createdBy: z.string(),
  createdAt: instant,
  updatedAt: instant,
};
export const snapshotMadeAnswer = z.strictObject({ success, message: z.string(), ...snapshotFacts });
export const snapshotsAnswer = z.strictObject({ success, snapshots: z.array(z.strictObject(snapshotFacts)) });

const dependency = z.strictObject({
  type: z.enum(['skill', 'action']),
  name: z.string(),
  version: z.int().optional(),
  document: z.unknown().optional(),
});
export const snapshotAnswer = named(
  'Snapshot',
  z.strictObject({
    ...snapshotFacts,
    agent: z.looseObject({}),
    dependencies: z.array(dependency).optional().describe('With deps.'),
  }),
);
