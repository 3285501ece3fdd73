/** Invoking an agent's service, now or by a schedule (contract 3.5.1). */

import { decodePath, invalidQuery, isTrue, pathOf, sendJson } from '../../../http/index.ts';
import { flag, json, words } from '../../../openapi/operation.ts';
import { callerIn } from '../../access/authenticate.ts';
import { answerInvocation } from '../../activations/answer.ts';
import { beginOnce, idempotencyHeader } from '../../activations/idempotency.ts';
import { activationOfAgent } from '../../activations/invoke.ts';
import { ofTheCluster } from '../../openapi/refusals.ts';
import { scheduleAgent } from '../../schedules/schedule-agent.ts';
import { agentInvocationAnswer } from '../../schemas/answers/activations.ts';
import { invokeBody } from '../../schemas/invoke.ts';
import { documentCalled } from '../document-in.ts';
import { projectOf } from '../parameters.ts';
import { inProject, route } from '../route.ts';

export const invokeAgent = route({
  method: 'POST',
  path: `${inProject}/agentinvoke/*`,
  audience: 'users',
  summary: 'Invokes a service of an agent, or schedules it with scheduleCron: .../agentinvoke/:agent/services/:service',
  operationId: 'invokeAgent',
  rest: ':agent/services/:service',
  query: {
    sync: flag('Waits for the end, and answers the activation.'),
    scheduleCron: words('Five fields, or `@hourly` and its like: invoked at each of its times.'),
    scheduleName: words('Of the schedule; the name of the agent unless given.'),
  },
  headers: idempotencyHeader,
  answers: json(agentInvocationAnswer),
  refuses: [409, ...ofTheCluster],
  body: invokeBody,
  async handle(context, gateway, body) {
    const [agentName, service] = namesIn(context.env.request.url);
    const agent = await documentCalled(gateway.agents, 'agent', projectOf(context), agentName);
    const { username } = callerIn(context);
    const scheduleCron = context.req.query('scheduleCron');
    const name = context.req.query('scheduleName');
    if (scheduleCron === undefined && name !== undefined) {
      throw invalidQuery('scheduleName', 'scheduleName names a schedule: give scheduleCron too');
    }
    if (scheduleCron !== undefined) {
      const scheduleName = name || agent.name;
      const request = { agent, service, body, scheduleName, scheduleCron, username };
      return sendJson(context, await scheduleAgent(gateway, request));
    }
    const sync = isTrue(context, 'sync');
    const { headers } = context.env.request;
    const given = await activationOfAgent(gateway, agent, service, { body, username, sync, headers });
    return answerInvocation(context, gateway, await beginOnce(gateway, given));
  },
});

/** A name may hold a slash, encoded or not (contract 2.4). */
function namesIn(url: string): [agent: string, service: string] {
  const match = /\/agentinvoke\/(.+)\/services\/([^/]+)$/.exec(pathOf(url));
  return [decodePath(match?.[1] ?? ''), decodePath(match?.[2] ?? '')];
}
