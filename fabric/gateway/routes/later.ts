/** Routes of the contract that are LATER in it (chapter 6): 501, so that nobody looks for a mistake of his own. */
import type { Routes } from '../../http/index.ts';
import { problems } from '../errors.ts';
import { inProject } from './route.ts';

/** Path and all below it. */
export const laterPaths: readonly string[] = [
  ...['models', 'experiments', 'applications', 'skillStereotypes', 'campaigns'].map((name) => `${inProject}/${name}`),
  ...['pipelines', 'pipeline-repositories', 'agentevents'].map((name) => `${inProject}/${name}`),
  '/fabric/v4/accounts',
  '/fabric/v4/usergrants',
  '/fabric/v4/roles',
  '/fabric/v4/impactassessment',
  '/fabric/v4/dependencies',
];

export function laterRoutes(routes: Routes): void {
  for (const path of laterPaths.flatMap((one) => [one, `${one}/*`])) {
    routes.all(path, (context) => {
      const { method, url } = context.env.request;
      throw problems.notBuilt(method, url.split('?')[0] ?? url);
    });
  }
}
