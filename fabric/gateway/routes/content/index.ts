/** Routes of managed content. */
import type { Route } from '../route.ts';
import { listContent, uploadForm } from './folder.ts';
import { deleteContent, downloadContent, uploadContent } from './object.ts';

export const contentRoutes: readonly Route[] = [listContent, uploadForm, downloadContent, uploadContent, deleteContent];
