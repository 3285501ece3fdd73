/** Snapshots of an agent: making one, and all that there are. */

import { z } from 'zod';
import { sendJson } from '../../../http/index.ts';
import { json } from '../../../openapi/operation.ts';
import { callerIn } from '../../access/authenticate.ts';
import { dependenciesOf } from '../../agents/dependencies.ts';
import { shownAgent } from '../../agents/shown.ts';
import { listedSnapshot } from '../../agents/shown-snapshot.ts';
import { listedSnapshots } from '../../agents/snapshots.ts';
import { problems } from '../../errors.ts';
import { foundBy } from '../../lists/found-by.ts';
import { listParameters } from '../../lists/list-parameters.ts';
import { snapshotMadeAnswer, snapshotsAnswer } from '../../schemas/answers/agents.ts';
import { documentIn } from '../document-in.ts';
import { inProject, route } from '../route.ts';

/** `agentName` repeats the path. */
const snapshotBody = z
  .looseObject({ agentName: z.string().nullish(), title: z.string().max(1000).nullish() })
  .default({});

export const createSnapshot = route({
  method: 'POST',
  path: `${inProject}/agents/:agent/snapshots`,
  audience: 'users',
  summary: 'Keeps an agent as it is now, with the skills and actions that it needs',
  operationId: 'createSnapshot',
  answers: json(snapshotMadeAnswer),
  body: snapshotBody,
  async handle(context, gateway, { agentName, title }) {
    const agent = await documentIn(context, gateway.agents, 'agent');
    if (agentName && agentName !== agent.name) throw otherAgent(agentName, agent.name);
    const snapshot = await gateway.snapshots.create({
      projectId: agent.projectId,
      agentName: agent.name,
      agentVersion: agent.version,
      title: title ?? '',
      agent: shownAgent(agent),
      dependencies: await dependenciesOf(gateway, agent),
      createdBy: callerIn(context).username,
    });
    const message = `Snapshot ${snapshot.snapshotId} of agent ${JSON.stringify(agent.name)} made`;
    return sendJson(context, { success: true, message, ...listedSnapshot(snapshot) });
  },
});

function otherAgent(agentName: string, inPath: string) {
  const message = `agentName must be that of the path, ${JSON.stringify(inPath)}, not ${JSON.stringify(agentName)}`;
  return problems.invalidBody([{ type: 'body', name: 'agentName', path: ['agentName'], message }]);
}

export const listSnapshots = route({
  method: 'GET',
  path: `${inProject}/agents/:agent/snapshots`,
  audience: 'users',
  summary: 'Lists the snapshots of an agent',
  operationId: 'listSnapshots',
  query: listParameters(listedSnapshots),
  answers: json(snapshotsAnswer),
  async handle(context, gateway) {
    const { projectId, name } = await documentIn(context, gateway.agents, 'agent');
    const found = await foundBy(context, listedSnapshots, (query) => gateway.snapshots.find(projectId, name, query));
    return sendJson(context, { success: true, snapshots: found.map(listedSnapshot) });
  },
});
