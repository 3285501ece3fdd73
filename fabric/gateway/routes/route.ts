/**
 * What a route of the gateway is. Each stands in a file of its own and in the one list (`all.ts`), from which the
 * server, the table of routes in docs/ and the tests of authentication are made.
 */
import type { z } from 'zod';
import { type HttpContext, type ProblemDetail, type Routes, readJson } from '../../http/index.ts';
import type { Contents, Parameters } from '../../openapi/operation.ts';
import { problems } from '../errors.ts';
import type { RunningGateway } from '../running-gateway.ts';
import { bodyBytesMaximum } from '../settings.ts';

/** What a path begins with that belongs to a project. */
export const inProject = '/fabric/v4/projects/:project';

/**
 * Who may ask: anybody; users, and jobs with the token of their message; Fabric's own services; or, inside a cluster,
 * jobs with that token as well as users; or the runs of scheduled agents.
 */
export type Audience = 'anybody' | 'users' | 'services' | 'messages' | 'runs';

export interface RouteDefinition<Body> {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'HEAD';
  /** As Hono has it: `/fabric/v4/projects/:project/tasks/:name`. */
  readonly path: string;
  readonly audience: Audience;
  /** Its name in the description, and in clients that are made from it. */
  readonly operationId: string;
  /** What stands in place of the path's star: `:agent/services/:service`. */
  readonly rest?: string;
  /** One line for people who read the table. */
  readonly summary: string;
  /** What the JSON body must be; absent: the handler reads the body itself, or there is none. */
  readonly body?: z.ZodType<Body>;
  /** Whether clients ask it by HEAD too, and not only because every GET may be. */
  readonly hasHead?: true;
  /** What a body is that the handler reads itself. */
  readonly reads?: Contents;
  /** Parameters of the query that it reads; others are ignored. */
  readonly query?: Parameters;
  /** Headers that mean something to it, in lower case. */
  readonly headers?: Parameters;
  /** What it answers, with status 200, to whom it does not refuse. */
  readonly answers: Contents;
  /** Further statuses that are no refusals, and what they mean. */
  readonly also?: Readonly<Record<number, string>>;
  /** Statuses of its own refusals, besides those of all routes of its form (`openapi/refusals.ts`). */
  readonly refuses?: readonly number[];
  /** What the body of a 400 may be besides a Problem. */
  readonly wrong?: z.ZodType;
  /** Bytes of the JSON body; 2 MiB unless given. */
  readonly bodyBytesMaximum?: number;
  /** Answers by `sendJson` and its kind; throws a Problem to refuse. */
  handle(context: HttpContext, gateway: RunningGateway, body: Body): Promise<Response>;
}

/** Routes of one kind of thing, as the description shows them. */
export interface Area {
  readonly name: string;
  readonly description: string;
  readonly routes: readonly Route[];
}

/** A definition whose body's type nobody needs to know any more. */
export interface Route extends Omit<RouteDefinition<never>, 'body' | 'handle'> {
  readonly body?: z.ZodType;
  add(routes: Routes, gateway: RunningGateway): void;
}

export function route<Body = undefined>(definition: RouteDefinition<Body>): Route {
  const { handle, ...rest } = definition;
  return {
    ...rest,
    add(routes, gateway) {
      routes.on(definition.method, definition.path, async (context) =>
        handle(context, gateway, await bodyOf(context, definition)),
      );
    },
  };
}

async function bodyOf<Body>(context: HttpContext, definition: RouteDefinition<Body>): Promise<Body> {
  if (!definition.body) return undefined as Body;
  const given = await readJson(context, definition.bodyBytesMaximum ?? bodyBytesMaximum);
  return checkedBody(definition.body, given);
}

/** What the schema makes of it. Throws the Problem `invalid-body` with all faults and their paths. */
export function checkedBody<Body>(schema: z.ZodType<Body>, given: unknown): Body {
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  throw problems.invalidBody(parsed.error.issues.map(detailOf));
}

function detailOf({ path, message }: z.core.$ZodIssue): ProblemDetail {
  const steps = path.map((step) => (typeof step === 'number' ? step : String(step)));
  const name = String(steps.at(-1) ?? 'body');
  return { type: 'body', name, path: steps, message };
}
