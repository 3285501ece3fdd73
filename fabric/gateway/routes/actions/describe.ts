/** One action. */

import { sendJson } from '../../../http/index.ts';
import { json } from '../../../openapi/operation.ts';
import { shownAction } from '../../actions/shown.ts';
import { actionAnswer } from '../../schemas/answers/actions.ts';
import { documentIn } from '../document-in.ts';
import { inProject, route } from '../route.ts';

export const describeAction = route({
  method: 'GET',
  path: `${inProject}/actions/:action`,
  audience: 'users',
  summary: 'Describes an action',
  operationId: 'describeAction',
  answers: json(actionAnswer),
  async handle(context, gateway) {
    return sendJson(context, {
      success: true,
      action: shownAction(await documentIn(context, gateway.actions, 'action')),
    });
  },
});
