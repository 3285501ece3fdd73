/**
 * Adding to what a session holds. One that is not there begins: activations use their own id as that of their session.
 */

import { sendJson } from '../../../http/index.ts';
import { json } from '../../../openapi/operation.ts';
import { callerIn } from '../../access/authenticate.ts';
import { sessionSavedAnswer } from '../../schemas/answers/sessions.ts';
import { sessionStateBody } from '../../schemas/session.ts';
import { projectOf, sessionOf } from '../parameters.ts';
import { inProject, route } from '../route.ts';

export const writeSession = route({
  method: 'POST',
  path: `${inProject}/sessions/:session`,
  audience: 'users',
  summary: 'Adds keys to the state of a session; an unknown one begins',
  operationId: 'writeSession',
  answers: json(sessionSavedAnswer),
  body: sessionStateBody,
  async handle(context, gateway, { state }) {
    const sessionId = sessionOf(context);
    const { username } = callerIn(context);
    await gateway.sessions.write({ project: projectOf(context), sessionId, username, state });
    return sendJson(context, { success: true, sessionId, message: `Session ${JSON.stringify(sessionId)} updated` });
  },
});
