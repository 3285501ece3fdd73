/** Deleting a secret. */

import { sendJson } from '../../../http/index.ts';
import { json } from '../../../openapi/operation.ts';
import { problems } from '../../errors.ts';
import { done } from '../../schemas/answers/common.ts';
import { projectOf } from '../parameters.ts';
import { inProject, route } from '../route.ts';
import { secretKeyOf } from './key.ts';

export const deleteSecret = route({
  method: 'DELETE',
  path: `${inProject}/secrets/*`,
  audience: 'users',
  summary: 'Deletes a secret: .../secrets/:key',
  operationId: 'deleteSecret',
  rest: ':key',
  answers: json(done),
  async handle(context, gateway) {
    const [project, key] = [projectOf(context), secretKeyOf(context)];
    if (!(await gateway.secrets.isThere(project, key))) throw problems.documentNotFound('secret', key, project);
    await gateway.secrets.delete(project, key);
    return sendJson(context, { success: true, message: `Secret ${JSON.stringify(key)} deleted` });
  },
});
