/** All faults that the scenarios must find. Each is what a hurried change could do. */
import type { Mutation } from '../mutation.ts';
import { contentMutations } from './content.ts';
import { gatewayMutations } from './gateway.ts';
import { operatorMutations } from './operator.ts';
import { simulatorMutations } from './simulator.ts';
import { taskMutations } from './task.ts';

export const mutations: readonly Mutation[] = [
  ...taskMutations,
  ...operatorMutations,
  ...gatewayMutations,
  ...contentMutations,
  ...simulatorMutations,
];
