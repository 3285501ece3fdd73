/** A connection with its secrets in their places, for jobs and daemons inside the cluster. */

import { decodePath, pathOf, sendJson } from '../../../http/index.ts';
import { json } from '../../../openapi/operation.ts';
import { withSecrets } from '../../connections/resolve.ts';
import { shownConnection } from '../../connections/shown.ts';
import { problems } from '../../errors.ts';
import { connectionAnswer } from '../../schemas/answers/connections.ts';
import { documentCalled } from '../document-in.ts';
import { insideProject } from '../inside.ts';
import { route } from '../route.ts';

export const readConnection = route({
  method: 'GET',
  path: '/internal/projects/:project/connections/*',
  audience: 'messages',
  summary: 'Gives a job or a daemon a connection with its secrets: .../connections/:connection',
  operationId: 'readConnection',
  rest: ':connection',
  answers: json(connectionAnswer),
  refuses: [409],
  async handle(context, gateway) {
    const project = await insideProject(context, gateway);
    const [, sent = ''] = /\/connections\/(.*)$/s.exec(pathOf(context.env.request.url)) ?? [];
    const name = decodePath(sent);
    const connection = await documentCalled(gateway.connections, 'connection', project, name);
    const secretOf = async (key: string) => {
      if (await gateway.secrets.isThere(project, key)) return gateway.secrets.value(project, key);
      throw problems.secretOfConnectionNotFound(key, name);
    };
    return sendJson(context, await withSecrets(shownConnection(connection), secretOf));
  },
});
