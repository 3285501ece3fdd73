/**
 * What a job sends while it runs: each message is a payload of what is wired to that output, at once (contract 3.12,
 * 4.5).
 */

import { z } from 'zod';
import { readJson, sendJson } from '../../../http/index.ts';
import { json } from '../../../openapi/operation.ts';
import { callerIn } from '../../access/authenticate.ts';
import { isOver } from '../../activations/flow.ts';
import { problems } from '../../errors.ts';
import { messageAnswer } from '../../schemas/answers/internal.ts';
import { bodyBytesMaximum } from '../../settings.ts';
import { outputOf } from '../../skills/routing.ts';
import { route } from '../route.ts';

export const sendMessage = route({
  method: 'POST',
  path: '/internal/messages/:activation/:channel/:output',
  audience: 'messages',
  summary: 'Takes a message of a running job for one of its outputs',
  operationId: 'sendMessage',
  reads: json(z.unknown()),
  answers: json(messageAnswer),
  refuses: [409, 413],
  async handle(context, gateway) {
    const [id = '', channel = '', name = ''] = ['activation', 'channel', 'output'].map((each) =>
      context.req.param(each),
    );
    const payload = await readJson(context, bodyBytesMaximum);
    const caller = callerIn(context);
    const activation = await gateway.activations.get(id);
    const isOther = caller.activationId !== undefined && caller.activationId !== id;
    if (!activation || isOther || !caller.maySee(activation.projectId)) throw problems.activationNotFound(id);
    const step = activation.steps.find(({ channelId }) => channelId === channel);
    if (!step) throw problems.channelNotFound(channel, id);
    if (isOver(activation.status)) throw problems.activationEnded(id, activation.status);
    const node = activation.plan.nodes.find((each) => each.id === step.node);
    const skill = node && (await gateway.skills.get(activation.projectId, node.skillName));
    const output = skill && outputOf(skill.content.document, name);
    if (output === undefined) throw problems.outputNotFound(name, node?.skillName ?? step.node);
    const isTaken = await gateway.activations.message(id, step.id, output, payload ?? {});
    if (!isTaken) throw problems.activationEnded(id, (await gateway.activations.get(id))?.status ?? step.status);
    return sendJson(context, { success: true });
  },
});
