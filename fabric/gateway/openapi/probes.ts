/** What every service of Fabric answers to a cluster besides its routes (`fabric/http/serve.ts`). */
import { json, type Operation } from '../../openapi/operation.ts';
import { problem } from '../schemas/answers/common.ts';
import { healthAnswer } from '../schemas/answers/info.ts';

const healthy = { description: 'Yes.', contents: json(healthAnswer) };
const refused = { description: 'It cannot at the moment: the message says why.', contents: json(problem) };

const probe = {
  method: 'GET',
  tag: 'info',
  description: 'Anybody may ask, under any host.',
  places: {},
  query: {},
  headers: {},
} as const;

export const probes: readonly Operation[] = [
  {
    ...probe,
    path: '/healthz',
    operationId: 'isAlive',
    summary: 'Tells whether it is alive',
    answers: new Map([[200, healthy]]),
  },
  {
    ...probe,
    path: '/readyz',
    operationId: 'isReady',
    summary: 'Tells whether it can do its work',
    answers: new Map([
      [200, healthy],
      [503, refused],
    ]),
  },
];
