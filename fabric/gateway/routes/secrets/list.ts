/** Keys of all secrets of a project: a bare list. */

import { sendJson } from '../../../http/index.ts';
import { json } from '../../../openapi/operation.ts';
import { secretKeysAnswer } from '../../schemas/answers/secrets.ts';
import { projectOf } from '../parameters.ts';
import { inProject, route } from '../route.ts';

export const listSecrets = route({
  method: 'GET',
  path: `${inProject}/secrets`,
  audience: 'users',
  summary: 'Lists the keys of secrets',
  operationId: 'listSecrets',
  answers: json(secretKeysAnswer),
  async handle(context, gateway) {
    return sendJson(context, await gateway.secrets.keys(projectOf(context)));
  },
});
