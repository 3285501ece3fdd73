/** What a session holds. */

import { isTrue, sendJson } from '../../../http/index.ts';
import { flag, json, words } from '../../../openapi/operation.ts';
import { problems } from '../../errors.ts';
import { sessionAnswer } from '../../schemas/answers/sessions.ts';
import { shownSession } from '../../sessions/shown.ts';
import { projectOf, sessionOf } from '../parameters.ts';
import { inProject, route } from '../route.ts';

export const describeSession = route({
  method: 'GET',
  path: `${inProject}/sessions/:session`,
  audience: 'users',
  summary: 'Describes a session with its state, or with one key of it',
  operationId: 'describeSession',
  query: { key: words('The only key of its state that is wanted.'), verbose: flag('With its times.') },
  answers: json(sessionAnswer),
  async handle(context, gateway) {
    const [project, id] = [projectOf(context), sessionOf(context)];
    const session = await gateway.sessions.get(project, id);
    if (!session) throw problems.documentNotFound('session', id, project);
    return sendJson(context, shownSession(session, context.req.query('key') || undefined, isTrue(context, 'verbose')));
  },
});
