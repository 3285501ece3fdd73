/** One type: itself. */

import { sendJson } from '../../../http/index.ts';
import { json } from '../../../openapi/operation.ts';
import { typeAnswer } from '../../schemas/answers/types.ts';
import { shownType } from '../../types/shown.ts';
import { documentIn } from '../document-in.ts';
import { inProject, route } from '../route.ts';

export const describeType = route({
  method: 'GET',
  path: `${inProject}/types/:type`,
  audience: 'users',
  summary: 'Describes a type',
  operationId: 'describeType',
  answers: json(typeAnswer),
  async handle(context, gateway) {
    return sendJson(context, shownType(await documentIn(context, gateway.types, 'type')));
  },
});
