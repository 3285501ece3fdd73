/** The operator's reports. Inside the cluster only. */

import { z } from 'zod';
import { readObject, sendJson } from '../../../http/index.ts';
import { json } from '../../../openapi/operation.ts';
import { problems } from '../../errors.ts';
import { cancelIfAbandoned } from '../../schedules/abandoned.ts';
import { reportAnswer } from '../../schemas/answers/internal.ts';
import { bodyBytesMaximum, type Gateway } from '../../settings.ts';
import { type Report, reportFault } from '../../tasks/take-report.ts';
import { route } from '../route.ts';

export const takeReport = route({
  method: 'POST',
  path: '/internal/tasks/:uid',
  audience: 'services',
  summary: 'Takes the operator’s report of a run',
  operationId: 'takeReport',
  reads: json(z.looseObject({})),
  answers: json(reportAnswer),
  refuses: [413],
  async handle(context, gateway) {
    const uid = context.req.param('uid') ?? '';
    const body = await readObject(context, bodyBytesMaximum);
    const fault = reportFault(uid, body);
    if (fault !== undefined) throw problems.invalidRecord(fault);
    const report = { ...body, uid } as unknown as Report;
    const { accepted, created } = await taken(gateway, report);
    gateway.world.log.info('task report', { uid, name: report.name, state: report.state, accepted, created });
    // Before the answer: what is not acknowledged is reported again.
    await cancelIfAbandoned(gateway, report);
    return sendJson(context, { success: true, accepted });
  },
});

/** Without records it is news all the same: whoever waits for the end of the task looks into the cluster. */
async function taken(gateway: Gateway, report: Report): Promise<{ accepted: boolean; created: boolean }> {
  if (gateway.persistTasks) return gateway.records.take(report);
  gateway.records.tell(report.name);
  return { accepted: false, created: false };
}
