/** Activations of a project, newest first. */

import { sendJson } from '../../../http/index.ts';
import { json } from '../../../openapi/operation.ts';
import { activationParameters, listedActivations, parameterFilters } from '../../activations/query.ts';
import { listedActivation } from '../../activations/shown.ts';
import { foundBy } from '../../lists/found-by.ts';
import { listParameters } from '../../lists/list-parameters.ts';
import { activationsAnswer } from '../../schemas/answers/activations.ts';
import { projectOf } from '../parameters.ts';
import { inProject, route } from '../route.ts';

export const listActivations = route({
  method: 'GET',
  path: `${inProject}/activations`,
  audience: 'users',
  summary: 'Lists activations by agent, skill, correlation id, status and time',
  operationId: 'listActivations',
  query: { ...activationParameters, ...listParameters(listedActivations) },
  answers: json(activationsAnswer),
  async handle(context, gateway) {
    const own = [{ projectId: projectOf(context) }, ...parameterFilters(context)];
    const found = await foundBy(context, listedActivations, (query) =>
      gateway.activations.find({ ...query, filter: { $and: [...own, query.filter ?? {}] } }),
    );
    return sendJson(context, { success: true, activations: found.map(listedActivation) });
  },
});
