/** The commands of `fabric content`. */
import type { Command } from '../../command.ts';
import { deleteContent } from './delete.ts';
import { downloadContent } from './download.ts';
import { listContent } from './list.ts';
import { uploadContent } from './upload.ts';

export const contentCommands: readonly Command[] = [listContent, uploadContent, downloadContent, deleteContent];
