/** Routes of actions (contract 3.8). */
import type { Route } from '../route.ts';
import { deleteAction } from './delete.ts';
import { describeAction } from './describe.ts';
import { listActions } from './list.ts';
import { saveAction } from './save.ts';

export const actionsRoutes: readonly Route[] = [saveAction, listActions, describeAction, deleteAction];
