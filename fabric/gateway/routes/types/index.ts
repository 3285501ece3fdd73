/** Routes of types (contract 3.9). */
import type { Route } from '../route.ts';
import { deleteType } from './delete.ts';
import { describeType } from './describe.ts';
import { listTypes } from './list.ts';
import { saveTypes } from './save.ts';

export const typesRoutes: readonly Route[] = [saveTypes, listTypes, describeType, deleteType];
