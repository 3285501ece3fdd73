/** The operator's reports. Inside the cluster only. */
import { type Routes, readObject, sendJson } from '../../http/index.ts';
import { problems } from '../errors.ts';
import { bodyBytesMaximum, type Gateway } from '../settings.ts';
import { type Report, reportFault } from '../tasks/take-report.ts';

export function internalRoutes(routes: Routes, gateway: Gateway): void {
  routes.post('/internal/tasks/:uid', async (context) => {
    const uid = context.req.param('uid') ?? '';
    const body = await readObject(context, bodyBytesMaximum);
    const fault = reportFault(uid, body);
    if (fault !== undefined) throw problems.invalidRecord(fault);
    const report = { ...body, uid } as unknown as Report;
    const { accepted, created } = await gateway.records.take(report);
    gateway.world.log.info('task report', { uid, name: report.name, state: report.state, accepted, created });
    return sendJson(context, { success: true, accepted });
  });
}
