/** `/stop`: the end of the run. */
import { json } from '../../../../fabric/openapi/operation.ts';
import { sendJson } from '../bodies.ts';
import { done, route } from '../route.ts';

export const stopRun = route(
  {
    operationId: 'stopRun',
    method: 'POST',
    path: '/stop',
    tag: 'run',
    summary: 'Ends the run, as Ctrl-C does',
    answer: json(done),
  },
  async ({ options, response }) => {
    sendJson(response, 200, { success: true });
    options.stop();
  },
);
