/** Routes of the contract that are still to come: 501, so that nobody looks for a mistake of his own. */
import type { Routes } from '../../http/index.ts';
import { problems } from '../errors.ts';

const inProject = [
  'agents',
  'agentinvoke',
  'agentevents',
  'activations',
  'skills',
  'skillinvoke',
  'skillStereotypes',
  'actions',
  'types',
  'sessions',
  'snapshots',
  'secrets',
  'connections',
  'models',
  'experiments',
  'applications',
  'campaigns',
  'pipelines',
  'pipeline-repositories',
];

const elsewhere = [
  '/fabric/v4/graphql',
  '/fabric/v4/connectiontypes',
  '/fabric/v4/accounts',
  '/fabric/v4/usergrants',
  '/fabric/v4/roles',
  '/fabric/v4/impactassessment',
  '/fabric/v4/dependencies',
  '/internal/messages',
  '/internal/projects',
];

export function notBuiltRoutes(routes: Routes): void {
  const paths = [...inProject.map((name) => `/fabric/v4/projects/:project/${name}`), ...elsewhere];
  for (const path of paths.flatMap((one) => [one, `${one}/*`])) {
    routes.all(path, (context) => {
      const { method, url } = context.env.request;
      throw problems.notBuilt(method, url.split('?')[0] ?? url);
    });
  }
}
