/** Starting a session, under an id of one's own if one is given. */

import { sendJson } from '../../../http/index.ts';
import { json } from '../../../openapi/operation.ts';
import { callerIn } from '../../access/authenticate.ts';
import { sessionSavedAnswer } from '../../schemas/answers/sessions.ts';
import { newSessionBody } from '../../schemas/session.ts';
import { projectOf } from '../parameters.ts';
import { inProject, route } from '../route.ts';

export const startSession = route({
  method: 'POST',
  path: `${inProject}/sessions`,
  audience: 'users',
  summary: 'Starts a session; one of that id that there is goes on',
  operationId: 'startSession',
  answers: json(sessionSavedAnswer),
  body: newSessionBody,
  async handle(context, gateway, body) {
    const { sessionId } = await gateway.sessions.write({
      project: projectOf(context),
      sessionId: body.sessionId ?? gateway.sessions.newId(),
      username: callerIn(context).username,
      state: body.state ?? {},
      ttl: body.ttl ?? undefined,
      description: body.description ?? undefined,
    });
    return sendJson(context, { success: true, sessionId, message: `Session ${JSON.stringify(sessionId)} saved` });
  },
});
