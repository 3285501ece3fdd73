/** The commands of `fabric actions`. */
import type { Command } from '../../command.ts';
import { deleteCommand } from '../../documents/by-name.ts';
import type { DocumentKind } from '../../documents/kind.ts';
import { describeAction } from './describe.ts';
import { listActions } from './list.ts';
import { saveAction } from './save.ts';

const action: DocumentKind = { area: 'actions', name: 'action', title: 'Action' };

export const actionsCommands: readonly Command[] = [
  saveAction,
  // Saving an action deploys nothing; the field's command line calls it so all the same.
  { ...saveAction, path: ['actions', 'deploy'] },
  listActions,
  describeAction,
  deleteCommand(action),
];
