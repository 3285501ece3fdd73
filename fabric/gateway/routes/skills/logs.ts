/** What an action of a skill printed: its newest job, or its daemon's pods. */

import type { Pod } from '../../../../kubernetes/objects.ts';
import { pods } from '../../../../kubernetes/resources.ts';
import { isTrue, sendJson, sendText } from '../../../http/index.ts';
import { flag, json, text } from '../../../openapi/operation.ts';
import { problems } from '../../errors.ts';
import { openPodLog } from '../../logs/pod-log.ts';
import { logText } from '../../logs/text.ts';
import { ofContent, ofTheCluster } from '../../openapi/refusals.ts';
import { actionSelector } from '../../runtimes/names.ts';
import { skillLogsAnswer } from '../../schemas/answers/skills.ts';
import type { Gateway } from '../../settings.ts';
import type { Action } from '../../skills/action.ts';
import { actionOf } from '../../skills/deploy.ts';
import type { Skill } from '../../skills/skill.ts';
import { findRecords } from '../../tasks/all-records.ts';
import { clusterAnswer } from '../../tasks/cluster-answer.ts';
import { documentIn } from '../document-in.ts';
import { inProject, route } from '../route.ts';

export const skillLogs = route({
  method: 'GET',
  path: `${inProject}/skills/:skill/action/:action/logs`,
  audience: 'users',
  summary: 'The log of an action: of its newest job, or of its daemon',
  operationId: 'skillLogs',
  query: { raw: flag('As a text by itself.') },
  answers: { ...json(skillLogsAnswer), ...text('text/plain') },
  refuses: [...ofTheCluster, ...ofContent],
  async handle(context, gateway) {
    const skill = await documentIn(context, gateway.skills, 'skill');
    const name = context.req.param('action') ?? '';
    const action = await actionOf(gateway, skill, name);
    if (!action) throw problems.documentNotFound('action', name, skill.projectId);
    const { signal } = context.env.request;
    const logs = await (action.type === 'job' ? jobLog : daemonLog)(gateway, skill, action, signal);
    if (isTrue(context, 'raw')) return sendText(context, logs, { 'content-type': 'text/plain' });
    return sendJson(context, { success: true, logs });
  },
});

type LogOf = (gateway: Gateway, skill: Skill, action: Action, signal: AbortSignal) => Promise<string>;

const jobLog: LogOf = async (gateway, skill, action, signal) => {
  const filter = { projectId: skill.projectId, skillName: skill.name, actionName: action.name };
  const [record] = (await findRecords(gateway, skill.projectId, { filter, limit: 1 })).records;
  return record ? (await logText(gateway, record, signal)).text : '';
};

const daemonLog: LogOf = async (gateway, skill, action, signal) => {
  const { client, logTextBytesMaximum } = gateway;
  if (!client) throw problems.noCluster('the log of a daemon');
  const labelSelector = actionSelector(skill, action);
  const { items } = await clusterAnswer(client.list<Pod>(pods, { namespace: gateway.namespace, labelSelector }));
  let text = '';
  for (const pod of items) {
    const stream = await openPodLog(client, pod, false, signal);
    if (!stream) continue;
    for await (const chunk of stream) text = (text + Buffer.from(chunk).toString('utf8')).slice(-logTextBytesMaximum);
  }
  return text;
};
