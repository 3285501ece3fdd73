/** All commands; each area lists its own. */
import type { Command } from '../command.ts';
import { actionsCommands } from './actions/index.ts';
import { activationsCommands } from './activations/index.ts';
import { agentsCommands } from './agents/index.ts';
import { configureCommands } from './configure/index.ts';
import { connectionsCommands } from './connections/index.ts';
import { contentCommands } from './content/index.ts';
import { projectsCommands } from './projects/index.ts';
import { secretsCommands } from './secrets/index.ts';
import { sessionsCommands } from './sessions/index.ts';
import { skillsCommands } from './skills/index.ts';
import { tasksCommands } from './tasks/index.ts';
import { typesCommands } from './types/index.ts';
import { usersCommands } from './users/index.ts';
import { workspacesCommands } from './workspaces/index.ts';

export const commands: readonly Command[] = [
  ...tasksCommands,
  ...agentsCommands,
  ...skillsCommands,
  ...actionsCommands,
  ...typesCommands,
  ...activationsCommands,
  ...contentCommands,
  ...sessionsCommands,
  ...secretsCommands,
  ...connectionsCommands,
  ...projectsCommands,
  ...usersCommands,
  ...configureCommands,
  ...workspacesCommands,
];
