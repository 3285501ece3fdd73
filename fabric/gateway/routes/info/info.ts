/** What the gateway is, for clients that have not logged in (contract 3.1): the first request of every client. */

import { sendJson } from '../../../http/index.ts';
import { json } from '../../../openapi/operation.ts';
import { infoAnswer } from '../../schemas/answers/info.ts';
import { version } from '../../version.ts';
import { route } from '../route.ts';

export const info = route({
  method: 'GET',
  path: '/fabric/v4/info',
  audience: 'anybody',
  summary: 'Tells version, clock and features of the gateway',
  operationId: 'info',
  answers: json(infoAnswer),
  async handle(context, gateway) {
    return sendJson(context, {
      serverTs: gateway.pacingClock.now(),
      version,
      deployType: 'orrery',
      enabledFeatures: {
        ga: { enabled: true, features: { 'persist-tasks': { enabled: gateway.persistTasks } } },
        preview: { enabled: false, features: {} },
      },
      endpoints: { registry: { url: '' } },
      healths: [{ name: 'gateway', version, healthy: true, health: {} }],
    });
  },
});
