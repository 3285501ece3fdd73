/** The value of a secret, for jobs and daemons inside the cluster. */

import { sendJson } from '../../../http/index.ts';
import { json } from '../../../openapi/operation.ts';
import { secretValueAnswer } from '../../schemas/answers/internal.ts';
import { insideProject } from '../inside.ts';
import { route } from '../route.ts';
import { secretKeyOf } from './key.ts';

export const readSecret = route({
  method: 'GET',
  path: '/internal/projects/:project/secrets/*',
  audience: 'messages',
  summary: 'Gives a job or a daemon the value of a secret: .../secrets/:key',
  operationId: 'readSecret',
  rest: ':key',
  answers: json(secretValueAnswer),
  refuses: [409],
  async handle(context, gateway) {
    const project = await insideProject(context, gateway);
    return sendJson(context, { value: await gateway.secrets.value(project, secretKeyOf(context)) });
  },
});
