/** Saving types: all of the request, or none. */

import { type ProblemDetail, sendJson } from '../../../http/index.ts';
import { json } from '../../../openapi/operation.ts';
import { callerIn } from '../../access/authenticate.ts';
import { documentNameFault } from '../../actions/normalize.ts';
import { problems } from '../../errors.ts';
import { done } from '../../schemas/answers/common.ts';
import { type TypeDocument, typesBody } from '../../schemas/type.ts';
import { projectOf } from '../parameters.ts';
import { inProject, route } from '../route.ts';

export const saveTypes = route({
  method: 'POST',
  path: `${inProject}/types`,
  audience: 'users',
  summary: 'Saves types',
  operationId: 'saveTypes',
  answers: json(done),
  body: typesBody,
  async handle(context, gateway, body) {
    const project = projectOf(context);
    const types = ('types' in body ? body.types : [body]) as TypeDocument[];
    const faults = types.flatMap(({ name }, index): ProblemDetail[] => {
      const message = documentNameFault(name);
      return message === undefined ? [] : [{ type: 'type', name: 'name', path: ['types', index, 'name'], message }];
    });
    if (faults.length > 0) throw problems.invalidDocument('type', faults);
    const { username } = callerIn(context);
    for (const content of types) {
      const { name, title, description } = content;
      const facts = { title, description };
      await gateway.types.save({ project, name, content, facts, username });
    }
    const names = types.map(({ name }) => JSON.stringify(name)).join(', ');
    return sendJson(context, { success: true, message: `Types saved: ${names}` });
  },
});
