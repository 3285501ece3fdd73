/** The commands of `fabric tasks`. */
import { deleteTasks } from './delete.ts';
import { describeTask } from './describe.ts';
import { listExecutions } from './executions.ts';
import { listTasks } from './list.ts';
import { taskLogs } from './logs.ts';
import { pauseSchedule } from './pause-schedule.ts';
import { restartTask } from './restart.ts';
import { resumeSchedule } from './resume-schedule.ts';
import { runSchedule } from './run.ts';

export const tasksCommands = [
  listTasks,
  describeTask,
  taskLogs,
  listExecutions,
  deleteTasks,
  pauseSchedule,
  resumeSchedule,
  runSchedule,
  restartTask,
];
