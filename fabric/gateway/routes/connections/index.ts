/** Routes of connections (contract 3.13). */
import type { Route } from '../route.ts';
import { deleteConnection } from './delete.ts';
import { describeConnection } from './describe.ts';
import { listConnections } from './list.ts';
import { readConnection } from './read.ts';
import { saveConnection } from './save.ts';
import { listConnectionTypes } from './types.ts';

export const connectionsRoutes: readonly Route[] = [
  saveConnection,
  listConnections,
  describeConnection,
  deleteConnection,
  listConnectionTypes,
  readConnection,
];
