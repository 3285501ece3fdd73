/** `/trace`: everything that happened. */
import { text } from '../../../../fabric/openapi/operation.ts';
import { route } from '../route.ts';

const mediaType = 'application/x-ndjson';

export const readTrace = route(
  {
    operationId: 'readTrace',
    method: 'GET',
    path: '/trace',
    tag: 'run',
    summary: 'Gives the events so far, one JSON document a line; of a long run the newest',
    answer: text(mediaType),
  },
  async ({ options, response }) => {
    response.head(200, { 'content-type': mediaType });
    for (const piece of options.spool.read()) {
      if (!response.write(piece)) await response.drained();
    }
    response.end();
  },
);
