/** The credential of a scheduled run, for whoever is that run. */

import { z } from 'zod';
import { sendJson } from '../../../http/index.ts';
import { json } from '../../../openapi/operation.ts';
import { ofTheCluster } from '../../openapi/refusals.ts';
import { runCredential } from '../../schedules/run-credential.ts';
import { runTokenAnswer } from '../../schemas/answers/internal.ts';
import { route } from '../route.ts';

export const runToken = route({
  method: 'POST',
  path: '/internal/runs/:pod/token',
  audience: 'runs',
  summary: 'Gives a run of a scheduled agent its credential, by the uid of its pod',
  operationId: 'runToken',
  answers: json(runTokenAnswer),
  refuses: [403, ...ofTheCluster],
  body: z.object({ pod: z.string().min(1).max(253) }),
  async handle(context, gateway, { pod }) {
    return sendJson(context, await runCredential(gateway, pod, context.req.param('pod') ?? ''));
  },
});
