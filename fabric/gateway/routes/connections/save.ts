/** Saving a connection. */

import { sendJson } from '../../../http/index.ts';
import { json } from '../../../openapi/operation.ts';
import { callerIn } from '../../access/authenticate.ts';
import { documentNameFault } from '../../actions/normalize.ts';
import { problems } from '../../errors.ts';
import { saved as savedAnswer } from '../../schemas/answers/common.ts';
import { connectionDocument } from '../../schemas/connection.ts';
import { projectOf } from '../parameters.ts';
import { inProject, route } from '../route.ts';

export const saveConnection = route({
  method: 'POST',
  path: `${inProject}/connections`,
  audience: 'users',
  summary: 'Saves a connection; a changed one is the next version',
  operationId: 'saveConnection',
  answers: json(savedAnswer),
  body: connectionDocument,
  async handle(context, gateway, content) {
    const { name, title, description, connectionType, allowWrite, contentType } = content;
    const fault = documentNameFault(name);
    if (fault !== undefined) {
      throw problems.invalidDocument('connection', [
        { type: 'connection', name: 'name', path: ['name'], message: fault },
      ]);
    }
    const { username } = callerIn(context);
    const project = projectOf(context);
    const facts = { title, description, connectionType, allowWrite, contentType };
    const { version } = await gateway.connections.save({ project, name, content, facts, username });
    return sendJson(context, { success: true, version, message: `Connection ${JSON.stringify(name)} saved` });
  },
});
