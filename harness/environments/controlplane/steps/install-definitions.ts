/** The definitions of Task and TaskPool, as the operator brings them to any cluster. */
import { installDefinitions as install } from '../../../../fabric/operator/install.ts';
import type { Step } from './step.ts';

export const installDefinitions: Step = {
  name: 'install the definitions of Task and TaskPool',
  deadlineMs: 40_000,
  remedy: 'look at the conditions of the CustomResourceDefinitions',
  run: (site) => install(site.world, site.clientOf(site.world)),
};
