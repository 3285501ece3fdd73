/** Saving an action on its own; deployed skills that use it follow. */

import { sendJson } from '../../../http/index.ts';
import { json, words } from '../../../openapi/operation.ts';
import { callerIn } from '../../access/authenticate.ts';
import { normalizeAction } from '../../actions/normalize.ts';
import { problems } from '../../errors.ts';
import { actionDocument } from '../../schemas/action.ts';
import { saved as savedAnswer } from '../../schemas/answers/common.ts';
import { redeployUsers } from '../../skills/deploy.ts';
import { systemUser } from '../../skills/system.ts';
import { projectOf } from '../parameters.ts';
import { inProject, route } from '../route.ts';

export const saveAction = route({
  method: 'POST',
  path: `${inProject}/actions`,
  audience: 'users',
  summary: 'Saves an action; a changed one is the next version',
  operationId: 'saveAction',
  query: { actionType: words('`job` or `daemon`, where the document has no type.') },
  answers: json(savedAnswer),
  refuses: [403],
  body: actionDocument,
  async handle(context, gateway, document) {
    const project = projectOf(context);
    const normalized = normalizeAction(document, context.req.query('actionType'));
    if ('faults' in normalized) throw problems.invalidDocument('action', normalized.faults);
    const { action } = normalized;
    const holder = await gateway.actions.get(project, action.name);
    if (holder?.createdBy === systemUser) throw problems.ofTheSystem('action', action.name);
    const { username } = callerIn(context);
    const { title, description } = document as { title?: unknown; description?: unknown };
    const facts = {
      type: action.type,
      image: action.image,
      title: typeof title === 'string' ? title : undefined,
      description: typeof description === 'string' ? description : undefined,
    };
    const saved = await gateway.actions.save({ project, name: action.name, content: action, facts, username });
    const failed = await redeployUsers(gateway, project, action.name);
    const rest = failed.length > 0 ? `; these skills could not be deployed again: ${failed.join(', ')}` : '';
    const message = `Action ${JSON.stringify(action.name)} version ${saved.version} saved${rest}`;
    return sendJson(context, { success: true, version: saved.version, message });
  },
});
