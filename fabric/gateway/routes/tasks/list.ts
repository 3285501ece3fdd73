/**
 * Tasks of a project (contract 3.4.1): records of one-time tasks and of runs, or with `scheduled=true` its schedules.
 */

import { isTrue, sendJson } from '../../../http/index.ts';
import { flag, json } from '../../../openapi/operation.ts';
import { refusingFilters } from '../../lists/found-by.ts';
import { listParameters } from '../../lists/list-parameters.ts';
import { ofTheCluster } from '../../openapi/refusals.ts';
import { tasksAnswer } from '../../schemas/answers/tasks.ts';
import { findRecords } from '../../tasks/all-records.ts';
import { foundSchedules } from '../../tasks/found-schedules.ts';
import { listedTasks, taskParameters, taskQuery } from '../../tasks/query.ts';
import { shownRecord } from '../../tasks/record.ts';
import { projectOf } from '../parameters.ts';
import { inProject, route } from '../route.ts';

export const listTasks = route({
  method: 'GET',
  path: `${inProject}/tasks`,
  audience: 'users',
  summary: 'Lists one-time tasks and runs of schedules, or with scheduled=true schedules',
  operationId: 'listTasks',
  query: {
    scheduled: flag('Schedules, and nothing else.'),
    ...taskParameters,
    ...listParameters(listedTasks),
  },
  answers: json(tasksAnswer),
  refuses: ofTheCluster,
  async handle(context, gateway) {
    const project = projectOf(context);
    const query = taskQuery(context, project);
    if (isTrue(context, 'scheduled')) {
      const tasks = await refusingFilters(() => foundSchedules(gateway, project, query));
      return sendJson(context, { success: true, tasks });
    }
    const { records, warning } = await refusingFilters(() => findRecords(gateway, project, query));
    return sendJson(context, { success: true, tasks: records.map(shownRecord), ...(warning ? { warning } : {}) });
  },
});
