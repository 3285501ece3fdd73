/** The description of all routes, itself among them. */
import { sendText } from '../../../http/index.ts';
import { json } from '../../../openapi/operation.ts';
import { gatewayDocument } from '../../openapi/document.ts';
import { descriptionAnswer } from '../../schemas/answers/info.ts';
import { type Area, type Route, route } from '../route.ts';

/** `areas`: asked at the first request, when all of them are there. */
export function descriptionRoute(areas: () => readonly Area[]): Route {
  let text: string | undefined;
  return route({
    method: 'GET',
    path: '/openapi.json',
    audience: 'anybody',
    operationId: 'description',
    summary: 'Describes all routes: OpenAPI 3.1',
    answers: json(descriptionAnswer),
    async handle(context) {
      text ??= JSON.stringify(gatewayDocument(areas()));
      return sendText(context, text, { 'content-type': 'application/json' });
    },
  });
}
