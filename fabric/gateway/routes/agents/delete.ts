/**
 * Deleting an agent that no schedule invokes. Its activations stay; what is under way goes on by the plan that it has.
 */

import { sendJson } from '../../../http/index.ts';
import { json } from '../../../openapi/operation.ts';
import { problems } from '../../errors.ts';
import { ofTheCluster } from '../../openapi/refusals.ts';
import { schedulesOf } from '../../schedules/schedules-of.ts';
import { done } from '../../schemas/answers/common.ts';
import { documentIn } from '../document-in.ts';
import { inProject, route } from '../route.ts';

export const deleteAgent = route({
  method: 'DELETE',
  path: `${inProject}/agents/:agent`,
  audience: 'users',
  summary: 'Deletes an agent with all its versions and snapshots, unless a schedule invokes it',
  operationId: 'deleteAgent',
  answers: json(done),
  refuses: [403, ...ofTheCluster],
  async handle(context, gateway) {
    const { projectId, name } = await documentIn(context, gateway.agents, 'agent');
    const schedules = await schedulesOf(gateway, projectId, name);
    if (schedules.length > 0) {
      throw problems.inUse(
        'agent',
        name,
        schedules.map((task) => ({ type: 'task', name: task })),
      );
    }
    await gateway.snapshots.deleteOf(projectId, name);
    await gateway.agents.delete(projectId, name);
    return sendJson(context, { success: true, message: `Agent ${JSON.stringify(name)} deleted` });
  },
});
