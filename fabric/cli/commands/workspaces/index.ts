/** The commands of `fabric workspaces`. */
import { buildWorkspace } from './build.ts';
import { generateWorkspace } from './generate.ts';
import { publishWorkspace } from './publish.ts';

export const workspacesCommands = [generateWorkspace, buildWorkspace, publishWorkspace];
