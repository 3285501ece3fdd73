/** Tasks as commands read them, and the columns of their tables. */
import type { Column } from '../../output/table.ts';
import { relative, took } from '../../output/time.ts';

/** A record, in what is shown of it (contract 3.4.1). */
export interface ShownTask {
  readonly name: string;
  readonly state?: string;
  readonly status?: string;
  readonly skillName?: string;
  readonly actionName?: string;
  readonly agentName?: string;
  readonly activationId?: string;
  readonly username?: string;
  readonly schedule?: string;
  /** Epoch ms, or ISO 8601. */
  readonly startTime?: number | string;
  readonly endTime?: number | string;
  readonly nextTime?: number | string;
}

type TaskColumn = Column<ShownTask>;

const name = (width: number): TaskColumn => ({ title: 'Name', width, value: (task) => task.name });
const status: TaskColumn = { title: 'Status', width: 20, value: (task) => task.status ?? task.state };
const agent: TaskColumn = { title: 'Agent Name', width: 30, value: (task) => task.agentName };
const user: TaskColumn = { title: 'Username', width: 30, value: (task) => task.username };
const started = (now: number): TaskColumn => ({
  title: 'Started',
  width: 25,
  value: ({ startTime }) => relative(startTime, now),
});

/** Columns and widths of the seeds; `isWide`: agent, next start and user as well. */
export function scheduleColumns(now: number, isWide: boolean): TaskColumn[] {
  const more: TaskColumn[] = [
    { title: 'Next', width: 25, value: ({ nextTime }) => relative(nextTime, now) },
    agent,
    user,
  ];
  return [
    name(40),
    { title: 'Skill Name', width: 30, value: ({ skillName }) => skillName },
    { title: 'Action Name', width: 30, value: ({ actionName }) => actionName },
    status,
    started(now),
    { title: 'Schedule', width: 12, value: ({ schedule }) => schedule },
    ...(isWide ? more : []),
  ];
}

export function taskColumns(now: number, isWide: boolean): TaskColumn[] {
  return [
    name(60),
    { title: 'Activation Id', width: 40, value: ({ activationId }) => activationId },
    { title: 'Skill Name', width: 40, value: ({ skillName }) => skillName },
    status,
    started(now),
    { title: 'Took', width: 25, value: ({ startTime, endTime }) => took(startTime, endTime) },
    ...(isWide ? [agent, user] : []),
  ];
}
