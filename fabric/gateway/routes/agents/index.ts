/** Routes of agents (contract 3.5). */
import type { Route } from '../route.ts';
import { deleteAgent } from './delete.ts';
import { deployAgent, undeployAgent } from './deploy.ts';
import { agentVersions, describeAgent } from './describe.ts';
import { invokeAgent } from './invoke.ts';
import { listAgents } from './list.ts';
import { saveAgent } from './save.ts';
import { describeSnapshot } from './snapshot.ts';
import { createSnapshot, listSnapshots } from './snapshots.ts';

export const agentsRoutes: readonly Route[] = [
  saveAgent,
  listAgents,
  describeAgent,
  agentVersions,
  deployAgent,
  undeployAgent,
  deleteAgent,
  invokeAgent,
  createSnapshot,
  listSnapshots,
  describeSnapshot,
];
