/** One snapshot, by its id. */

import { stringify } from 'yaml';
import { invalidQuery, isTrue, sendJson, sendText } from '../../../http/index.ts';
import { flag, json, text, words } from '../../../openapi/operation.ts';
import { shownSnapshot } from '../../agents/shown-snapshot.ts';
import { problems } from '../../errors.ts';
import { snapshotAnswer } from '../../schemas/answers/agents.ts';
import { projectOf } from '../parameters.ts';
import { inProject, route } from '../route.ts';

export const describeSnapshot = route({
  method: 'GET',
  path: `${inProject}/snapshots/:snapshot`,
  audience: 'users',
  summary: 'Describes a snapshot of an agent, json or yaml; with deps its skills and actions as they were',
  operationId: 'describeSnapshot',
  query: {
    output: words('`json` (the default) or `yaml`.'),
    deps: flag('With its skills and actions, as they were.'),
  },
  answers: { ...json(snapshotAnswer), ...text('text/plain') },
  async handle(context, gateway) {
    const [project, id] = [projectOf(context), context.req.param('snapshot') ?? ''];
    const found = await gateway.snapshots.get(project, id);
    if (!found) throw problems.documentNotFound('snapshot', id, project);
    const snapshot = shownSnapshot(found, isTrue(context, 'deps'));
    const output = context.req.query('output')?.toLowerCase() || 'json';
    if (output === 'json') return sendJson(context, snapshot);
    if (output === 'yaml') return sendText(context, stringify(snapshot), { 'content-type': 'text/plain' });
    throw invalidQuery('output', `output must be json or yaml, not ${JSON.stringify(output)}`);
  },
});
