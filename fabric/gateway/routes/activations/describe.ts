/** One activation: its record, with its transits, or as a report. */

import { isTrue, sendJson } from '../../../http/index.ts';
import { flag, json } from '../../../openapi/operation.ts';
import { reportOf, shownActivation } from '../../activations/shown.ts';
import { activationAnswer } from '../../schemas/answers/activations.ts';
import { inProject, route } from '../route.ts';
import { activationIn } from './find.ts';

export const describeActivation = route({
  method: 'GET',
  path: `${inProject}/activations/:activation`,
  audience: 'users',
  summary: 'Describes an activation; verbose adds plan and transits, report shows the transits',
  operationId: 'describeActivation',
  query: { verbose: flag('With plan and transits.'), report: flag('The transits alone, with their times.') },
  answers: json(activationAnswer),
  async handle(context, gateway) {
    const activation = await activationIn(context, gateway);
    if (isTrue(context, 'report')) return sendJson(context, reportOf(activation));
    return sendJson(context, shownActivation(activation, isTrue(context, 'verbose')));
  },
});
