/** Pauses or resumes a schedule by a patch of `{suspend}` (contract 8, row 5). */

import { z } from 'zod';
import { readObject, sendJson } from '../../../http/index.ts';
import { json } from '../../../openapi/operation.ts';
import { problems } from '../../errors.ts';
import { ofTheCluster } from '../../openapi/refusals.ts';
import { done } from '../../schemas/answers/common.ts';
import { bodyBytesMaximum } from '../../settings.ts';
import { setSuspended } from '../../tasks/suspend.ts';
import { projectOf, taskNameOf } from '../parameters.ts';
import { inProject, route } from '../route.ts';

export const patchTask = route({
  method: 'PATCH',
  path: `${inProject}/tasks/:name`,
  audience: 'users',
  summary: 'Pauses or resumes a schedule by {"suspend": true} or {"suspend": false}',
  operationId: 'patchTask',
  reads: json(z.strictObject({ suspend: z.boolean() })),
  answers: json(done),
  refuses: [409, 413, ...ofTheCluster],
  async handle(context, gateway) {
    const { suspend, ...rest } = await readObject(context, bodyBytesMaximum);
    if (typeof suspend !== 'boolean' || Object.keys(rest).length > 0) throw problems.invalidPatch();
    const name = taskNameOf(context);
    await setSuspended(gateway, projectOf(context), name, suspend);
    const message = `Successfully ${suspend ? 'paused' : 'resumed'} task "${name}"`;
    return sendJson(context, { success: true, message });
  },
});
