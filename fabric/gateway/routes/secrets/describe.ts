/** That a secret is there. No user is told its value. */

import { sendJson } from '../../../http/index.ts';
import { json } from '../../../openapi/operation.ts';
import { problems } from '../../errors.ts';
import { maskedAnswer } from '../../schemas/answers/secrets.ts';
import { mask } from '../../secrets/secrets.ts';
import { projectOf } from '../parameters.ts';
import { inProject, route } from '../route.ts';
import { secretKeyOf } from './key.ts';

export const describeSecret = route({
  method: 'GET',
  path: `${inProject}/secrets/*`,
  audience: 'users',
  summary: 'Tells whether a secret is there: .../secrets/:key, with a mask for its value',
  operationId: 'describeSecret',
  rest: ':key',
  answers: json(maskedAnswer),
  async handle(context, gateway) {
    const [project, key] = [projectOf(context), secretKeyOf(context)];
    if (!(await gateway.secrets.isThere(project, key))) throw problems.documentNotFound('secret', key, project);
    return sendJson(context, { value: mask });
  },
});
