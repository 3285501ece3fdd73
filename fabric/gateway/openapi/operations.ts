/** Routes as operations of an OpenAPI document. Pure. */
import { type Answer, type Contents, json, type Operation } from '../../openapi/operation.ts';
import type { Area, Route } from '../routes/route.ts';
import { placesIn, templateOf } from './places.ts';
import { refusalsOf } from './refusals.ts';

export const bearer = 'bearer';

/** Of all routes; what may be asked by HEAD too is two operations. */
export function operationsOf(areas: readonly Area[]): Operation[] {
  return areas.flatMap(({ name, routes }) => routes.flatMap((route) => operationsOfRoute(name, route)));
}

function operationsOfRoute(tag: string, route: Route): Operation[] {
  const operation = operationOf(tag, route);
  return route.hasHead ? [operation, headOf(operation)] : [operation];
}

function operationOf(tag: string, route: Route): Operation {
  const { operationId, method, summary, query = {}, headers = {}, audience } = route;
  const path = templateOf(route);
  const body = bodyOf(route);
  return {
    ...{ operationId, method, path, tag, summary, query, headers },
    ...(audienceTexts[audience] === undefined ? {} : { description: audienceTexts[audience] }),
    places: placesIn(path),
    ...(body ? { body } : {}),
    answers: new Map([...answersOf(route), ...refusalsOf(route)]),
    ...(audience === 'anybody' || audience === 'runs' ? {} : { security: bearer }),
  };
}

const audienceTexts: Readonly<Record<Route['audience'], string | undefined>> = {
  anybody: 'Anybody may ask.',
  users: undefined,
  services: 'For Fabric’s own services, with their credential.',
  messages: 'For jobs and daemons, with the token of their message; users may ask too.',
  runs: 'For runs of schedules: the uid of the pod in the path is what they know.',
};

function bodyOf({ body, reads }: Route): Operation['body'] {
  if (body) return { contents: json(body), isRequired: !body.safeParse(undefined).success };
  return reads && { contents: reads, isRequired: true };
}

function answersOf({ answers, also = {} }: Route): [number, Answer][] {
  const further = Object.entries(also).map(([status, description]): [number, Answer] => [
    Number(status),
    { description, ...contentsUnlessUnchanged(Number(status), answers) },
  ]);
  return [[200, { description: 'Done.', contents: answers }], ...further];
}

function contentsUnlessUnchanged(status: number, contents: Contents): Pick<Answer, 'contents'> {
  return status === 304 ? {} : { contents };
}

/** The same without any body. */
function headOf(operation: Operation): Operation {
  const answers = new Map([...operation.answers].map(([status, { description }]) => [status, { description }]));
  return {
    ...operation,
    method: 'HEAD',
    operationId: `${operation.operationId}Head`,
    summary: `${operation.summary}, the headers alone`,
    answers,
  };
}
