/** Runs of a schedule, also of one that has been deleted. */

import { sendJson } from '../../../http/index.ts';
import { json } from '../../../openapi/operation.ts';
import { foundBy } from '../../lists/found-by.ts';
import { listParameters } from '../../lists/list-parameters.ts';
import { ofTheCluster } from '../../openapi/refusals.ts';
import { executionsAnswer } from '../../schemas/answers/tasks.ts';
import { findRecords, latestRun } from '../../tasks/all-records.ts';
import { find } from '../../tasks/find.ts';
import { listedTasks, visible } from '../../tasks/query.ts';
import { shownRecord } from '../../tasks/record.ts';
import { projectOf, taskNameOf } from '../parameters.ts';
import { inProject, route } from '../route.ts';

export const listExecutions = route({
  method: 'GET',
  path: `${inProject}/tasks/:name/executions`,
  audience: 'users',
  summary: 'Lists the runs of a schedule, also of one that has been deleted',
  operationId: 'listExecutions',
  query: listParameters(listedTasks),
  answers: json(executionsAnswer),
  refuses: ofTheCluster,
  async handle(context, gateway) {
    const project = projectOf(context);
    const scheduleName = taskNameOf(context);
    const isKnown = (await latestRun(gateway, project, scheduleName)) !== undefined;
    if (!isKnown) await find(gateway, project, scheduleName);
    const found = await foundBy(context, listedTasks, async (query) => {
      const filter = visible([{ projectId: project, scheduleName }, query.filter ?? {}]);
      return [...(await findRecords(gateway, project, { ...query, filter })).records];
    });
    return sendJson(context, { success: true, tasks: found.map(shownRecord) });
  },
});
