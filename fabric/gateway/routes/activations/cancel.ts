/** Ending an activation before its time. */

import { isTrue, sendJson } from '../../../http/index.ts';
import { flag, json } from '../../../openapi/operation.ts';
import { problems } from '../../errors.ts';
import { done } from '../../schemas/answers/common.ts';
import { inProject, route } from '../route.ts';
import { activationIn } from './find.ts';

export const cancelActivation = route({
  method: 'POST',
  path: `${inProject}/activations/:activation/cancel`,
  audience: 'users',
  summary: 'Cancels an activation and stops its jobs; with inFlight they run on',
  operationId: 'cancelActivation',
  query: { inFlight: flag('Its jobs run on.') },
  answers: json(done),
  refuses: [409],
  async handle(context, gateway) {
    const { activationId, status } = await activationIn(context, gateway);
    const cancelled = await gateway.activations.cancel(activationId, isTrue(context, 'inFlight'));
    if (!cancelled) throw problems.activationEnded(activationId, status);
    return sendJson(context, { success: true, message: `Activation ${activationId} is cancelled` });
  },
});
