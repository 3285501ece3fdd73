/** The commands of `fabric activations`; the field's command line has them under `agents`. */
import { cancelActivation } from './cancel.ts';
import { getActivation } from './describe.ts';
import { listActivations } from './list.ts';

export { cancelActivation, getActivation, listActivations };

export const activationsCommands = [listActivations, getActivation, cancelActivation];
