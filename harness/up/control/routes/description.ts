/** `/openapi.json`: the control API's description of itself. */
import { z } from 'zod';
import { json } from '../../../../fabric/openapi/operation.ts';
import { sendJson } from '../bodies.ts';
import { type ControlRoute, route } from '../route.ts';

/** `document`: asked for when all routes are known, this one too. */
export function description(document: () => object): ControlRoute {
  return route(
    {
      operationId: 'description',
      method: 'GET',
      path: '/openapi.json',
      tag: 'run',
      summary: 'Describes this API',
      answer: json(z.looseObject({ openapi: z.string() })),
    },
    async ({ response }) => sendJson(response, 200, document()),
  );
}
