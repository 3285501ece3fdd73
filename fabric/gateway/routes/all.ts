/** All routes of the gateway, but those that are later in its contract (`later.ts`). */
import { actionsRoutes } from './actions/index.ts';
import { activationsRoutes } from './activations/index.ts';
import { agentsRoutes } from './agents/index.ts';
import { connectionsRoutes } from './connections/index.ts';
import { contentRoutes } from './content/index.ts';
import { descriptionRoute } from './info/description.ts';
import { infoRoutes } from './info/index.ts';
import { takeReport } from './internal/report.ts';
import { runToken } from './internal/run-token.ts';
import { graphql } from './projects/graphql.ts';
import type { Area, Route } from './route.ts';
import { secretsRoutes } from './secrets/index.ts';
import { sessionsRoutes } from './sessions/index.ts';
import { skillsRoutes } from './skills/index.ts';
import { tasksRoutes } from './tasks/index.ts';
import { typesRoutes } from './types/index.ts';

const description = descriptionRoute(() => allAreas);

export const allAreas: readonly Area[] = [
  { name: 'actions', description: 'What skills run: jobs and daemons, by their images.', routes: actionsRoutes },
  { name: 'activations', description: 'Invocations of agents and skills, step by step.', routes: activationsRoutes },
  { name: 'agents', description: 'Skills wired together, invoked once or by a schedule.', routes: agentsRoutes },
  { name: 'connections', description: 'How skills reach what stands outside.', routes: connectionsRoutes },
  { name: 'content', description: 'Managed content: objects under keys.', routes: contentRoutes },
  { name: 'info', description: 'The gateway itself.', routes: [...infoRoutes, description] },
  { name: 'secrets', description: 'Values that jobs and daemons are given, and no user.', routes: secretsRoutes },
  { name: 'sessions', description: 'State that outlives an invocation.', routes: sessionsRoutes },
  { name: 'skills', description: 'Inputs, outputs, and the actions in between.', routes: skillsRoutes },
  { name: 'types', description: 'Parameters under a name.', routes: typesRoutes },
  { name: 'tasks', description: 'Tasks, schedules, their runs and logs.', routes: tasksRoutes },
  { name: 'projects', description: 'What holds all the others.', routes: [graphql] },
  { name: 'internal', description: 'For Fabric’s own services, inside the cluster.', routes: [runToken, takeReport] },
];

export const allRoutes: readonly Route[] = allAreas.flatMap(({ routes }) => routes);
