/** Routes of sessions (contract 3.10). */
import type { Route } from '../route.ts';
import { deleteSession } from './delete.ts';
import { describeSession } from './describe.ts';
import { listSessions } from './list.ts';
import { startSession } from './start.ts';
import { writeSession } from './write.ts';

export const sessionsRoutes: readonly Route[] = [
  startSession,
  listSessions,
  describeSession,
  writeSession,
  deleteSession,
];
