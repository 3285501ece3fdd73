/** Routes of tasks. */
import type { Route } from '../route.ts';
import { createTaskRoute } from './create.ts';
import { deleteTask } from './delete.ts';
import { describeTask } from './describe.ts';
import { listExecutions } from './executions.ts';
import { listTasks } from './list.ts';
import { taskLogs } from './logs.ts';
import { patchTask } from './patch.ts';
import { pauseRoutes } from './pause.ts';
import { restartRoute } from './restart.ts';
import { resumeRoutes } from './resume.ts';
import { runRoute } from './run.ts';

export const tasksRoutes: readonly Route[] = [
  listTasks,
  createTaskRoute,
  describeTask,
  deleteTask,
  patchTask,
  taskLogs,
  listExecutions,
  restartRoute,
  runRoute,
  ...pauseRoutes,
  ...resumeRoutes,
];
