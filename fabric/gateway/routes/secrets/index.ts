/** Routes of secrets (contract 3.13). */
import type { Route } from '../route.ts';
import { deleteSecret } from './delete.ts';
import { describeSecret } from './describe.ts';
import { listSecrets } from './list.ts';
import { readSecret } from './read.ts';
import { saveSecret } from './save.ts';

export const secretsRoutes: readonly Route[] = [listSecrets, describeSecret, saveSecret, deleteSecret, readSecret];
