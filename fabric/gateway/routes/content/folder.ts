/** The content of a project as a whole (contract 3.11): a list, or an upload whose key stands in its form. */

import type { HttpContext } from '../../../http/index.ts';
import { json, type Parameters, words } from '../../../openapi/operation.ts';
import { contentPath } from '../../content-path.ts';
import { pageParameters } from '../../lists/list-parameters.ts';
import { ofContent } from '../../openapi/refusals.ts';
import { pickedQuery, proxyToContent } from '../../proxy.ts';
import { contentListAnswer, uploadForm as form, storedAnswer } from '../../schemas/answers/content.ts';
import { projectOf } from '../parameters.ts';
import { inProject, route } from '../route.ts';
import { ttlHeader } from './object.ts';

const folderParameters: Parameters = { filter: words('The beginning of the key.'), ...pageParameters };

const path = `${inProject}/content`;

export const listContent = route({
  method: 'GET',
  path,
  audience: 'users',
  summary: 'Lists content by the beginning of its key',
  operationId: 'listContent',
  query: folderParameters,
  answers: json(contentListAnswer),
  refuses: ofContent,
  async handle(context, gateway) {
    return proxyToContent(context, gateway, folderPath(context));
  },
});

export const uploadForm = route({
  method: 'POST',
  path,
  audience: 'users',
  summary: 'Uploads content by a form that holds its key',
  operationId: 'uploadForm',
  reads: { 'multipart/form-data': form },
  headers: ttlHeader,
  answers: json(storedAnswer),
  refuses: [413, ...ofContent],
  async handle(context, gateway) {
    return proxyToContent(context, gateway, folderPath(context));
  },
});

function folderPath(context: HttpContext): string {
  return contentPath(projectOf(context)) + pickedQuery(context, Object.keys(folderParameters));
}
