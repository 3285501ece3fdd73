/** Saving a secret. The command line sends `{"value": ...}`, the SDK the bare value. */

import { z } from 'zod';
import { isObject, readJson, sendJson } from '../../../http/index.ts';
import { json } from '../../../openapi/operation.ts';
import { callerIn } from '../../access/authenticate.ts';
import { problems } from '../../errors.ts';
import { done } from '../../schemas/answers/common.ts';
import { valueBytesMaximum } from '../../secrets/secrets.ts';
import { projectOf } from '../parameters.ts';
import { inProject, route } from '../route.ts';
import { secretKeyOf } from './key.ts';

export const saveSecret = route({
  method: 'POST',
  path: `${inProject}/secrets/*`,
  audience: 'users',
  summary: 'Saves a secret: .../secrets/:key',
  operationId: 'saveSecret',
  rest: ':key',
  reads: json(z.unknown().describe('The value, bare or as {"value": ...}.')),
  answers: json(done),
  refuses: [413],
  async handle(context, gateway) {
    const [project, key] = [projectOf(context), secretKeyOf(context)];
    const value = unwrapped(await readJson(context, valueBytesMaximum));
    if (value === undefined || value === null) throw problems.noSecretValue();
    await gateway.secrets.save(project, key, value, callerIn(context).username);
    return sendJson(context, { success: true, message: `Secret ${JSON.stringify(key)} saved` });
  },
});

/** An object whose only member is `value` stands for that. */
function unwrapped(body: unknown): unknown {
  return isObject(body) && Object.keys(body).join() === 'value' ? body.value : body;
}
