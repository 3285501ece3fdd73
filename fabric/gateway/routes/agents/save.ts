/** Saving an agent. */

import { sendJson } from '../../../http/index.ts';
import { json } from '../../../openapi/operation.ts';
import { callerIn } from '../../access/authenticate.ts';
import { agentFaults } from '../../agents/check.ts';
import { problems } from '../../errors.ts';
import { agentDocument } from '../../schemas/agent.ts';
import { saved as savedAnswer } from '../../schemas/answers/common.ts';
import { projectOf } from '../parameters.ts';
import { inProject, route } from '../route.ts';

export const saveAgent = route({
  method: 'POST',
  path: `${inProject}/agents`,
  audience: 'users',
  summary: 'Saves an agent; a changed one is the next version',
  operationId: 'saveAgent',
  answers: json(savedAnswer),
  body: agentDocument,
  async handle(context, gateway, content) {
    const faults = agentFaults(content);
    if (faults.length > 0) throw problems.invalidDocument('agent', faults);
    const { name, title, description } = content;
    const { username } = callerIn(context);
    const facts = { title, description };
    const saved = await gateway.agents.save({ project: projectOf(context), name, content, facts, username });
    const message = `Agent ${JSON.stringify(name)} version ${saved.version} saved`;
    return sendJson(context, { success: true, version: saved.version, message });
  },
});
