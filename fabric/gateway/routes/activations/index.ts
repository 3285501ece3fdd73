/** Routes of activations (contract 3.6, 3.12). */
import type { Route } from '../route.ts';
import { cancelActivation } from './cancel.ts';
import { describeActivation } from './describe.ts';
import { listActivations } from './list.ts';
import { sendMessage } from './message.ts';

export const activationsRoutes: readonly Route[] = [listActivations, describeActivation, cancelActivation, sendMessage];
