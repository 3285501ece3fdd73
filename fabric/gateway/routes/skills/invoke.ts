/** Invoking a skill's input. The SDK sends slashes in names as they are (contract 2.4). */

import { decodePath, isTrue, pathOf } from '../../../http/index.ts';
import { flag, json } from '../../../openapi/operation.ts';
import { callerIn } from '../../access/authenticate.ts';
import { answerInvocation } from '../../activations/answer.ts';
import { beginOnce, idempotencyHeader } from '../../activations/idempotency.ts';
import { activationOfSkill } from '../../activations/invoke.ts';
import { invocationAnswer } from '../../schemas/answers/activations.ts';
import { invokeBody } from '../../schemas/invoke.ts';
import { documentCalled } from '../document-in.ts';
import { projectOf } from '../parameters.ts';
import { inProject, type Route, route } from '../route.ts';

const invokeSkill = route({
  method: 'POST',
  path: `${inProject}/skillinvoke/*`,
  audience: 'users',
  summary: 'Invokes an input of a skill: .../skillinvoke/:skill/inputs/:input',
  operationId: 'invokeSkill',
  rest: ':skill/inputs/:input',
  query: { sync: flag('Waits for the end, and answers the activation.') },
  headers: idempotencyHeader,
  answers: json(invocationAnswer),
  refuses: [409],
  body: invokeBody,
  async handle(context, gateway, body) {
    const project = projectOf(context);
    const match = /\/skillinvoke\/(.+)\/inputs\/([^/]+)$/.exec(pathOf(context.env.request.url));
    const [name, input] = [decodePath(match?.[1] ?? ''), decodePath(match?.[2] ?? '')];
    const skill = await documentCalled(gateway.skills, 'skill', project, name);
    const { username } = callerIn(context);
    const { headers } = context.env.request;
    const given = activationOfSkill(gateway, skill, input, { body, username, sync: isTrue(context, 'sync'), headers });
    return answerInvocation(context, gateway, await beginOnce(gateway, given));
  },
});

export const invokeSkillRoutes: readonly Route[] = [invokeSkill];
