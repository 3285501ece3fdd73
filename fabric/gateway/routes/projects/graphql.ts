/** Projects by GraphQL, as the existing command line asks (contract 3.3). */

import { execute, GraphQLError, parse, validate } from 'graphql';
import { z } from 'zod';
import { isObject, Problem, readObject, sendJson } from '../../../http/index.ts';
import { json } from '../../../openapi/operation.ts';
import { callerIn } from '../../access/authenticate.ts';
import { problems } from '../../errors.ts';
import { projectOperations } from '../../projects/operations.ts';
import { projectSchema } from '../../projects/schema.ts';
import { graphqlAnswer } from '../../schemas/answers/projects.ts';
import type { Gateway } from '../../settings.ts';
import { route } from '../route.ts';

const bodyBytesMaximum = 64 * 1024;
/** Some hundred fields: more is nobody's question about projects. */
const tokensMaximum = 1_000;

const graphqlBody = z.looseObject({
  query: z.string(),
  variables: z.looseObject({}).nullish(),
  operationName: z.string().nullish(),
});

interface GraphqlRequest {
  readonly query: string;
  readonly variables?: Readonly<Record<string, unknown>>;
  readonly operationName?: string;
}

/** As this client reads them: in the error itself, not under `extensions`. */
interface ShownError {
  readonly message: string;
  readonly status: number;
  readonly details?: unknown;
}

export const graphql = route({
  method: 'POST',
  path: '/fabric/v4/graphql',
  audience: 'users',
  summary: 'Lists, describes, makes and deletes projects by GraphQL',
  operationId: 'graphql',
  reads: json(graphqlBody),
  answers: json(graphqlAnswer),
  wrong: graphqlAnswer,
  refuses: [413],
  async handle(context, gateway) {
    const request = requestOf(await readObject(context, bodyBytesMaximum));
    const operations = projectOperations(gateway, callerIn(context));
    const document = parsed(request.query);
    const mistakes = document instanceof GraphQLError ? [document] : validate(projectSchema, document);
    if (document instanceof GraphQLError || mistakes.length > 0) {
      return sendJson(context, { errors: mistakes.map((one) => shownError(one, gateway, 400)) }, 400);
    }
    const { variables, operationName } = request;
    const { data, errors } = await execute({
      schema: projectSchema,
      document,
      contextValue: operations,
      ...(variables ? { variableValues: variables } : {}),
      ...(operationName === undefined ? {} : { operationName }),
    });
    if (!errors) return sendJson(context, { data });
    return sendJson(context, { data, errors: errors.map((one) => shownError(one, gateway, 400)) });
  },
});

function requestOf({ query, variables, operationName }: Record<string, unknown>): GraphqlRequest {
  if (typeof query !== 'string') throw problems.invalidGraphql('the body must have the member "query", a string');
  if (variables !== undefined && variables !== null && !isObject(variables)) {
    throw problems.invalidGraphql('"variables" must be an object');
  }
  if (operationName !== undefined && operationName !== null && typeof operationName !== 'string') {
    throw problems.invalidGraphql('"operationName" must be a string');
  }
  return { query, ...(variables ? { variables } : {}), ...(operationName ? { operationName } : {}) };
}

function parsed(query: string): ReturnType<typeof parse> | GraphQLError {
  try {
    return parse(query, { maxTokens: tokensMaximum, noLocation: true });
  } catch (error) {
    if (error instanceof GraphQLError) return error;
    throw error;
  }
}

/** Refusals of ours keep their status; what nobody foresaw stays in the log. */
function shownError(error: GraphQLError, gateway: Gateway, status: number): ShownError {
  const cause = error.originalError;
  if (cause instanceof Problem) {
    return {
      message: cause.message,
      status: cause.status,
      ...(cause.details.length > 0 ? { details: cause.details } : {}),
    };
  }
  if (!cause) return { message: error.message, status };
  gateway.world.log.error('a GraphQL operation failed inside', { error: cause.stack ?? String(cause) });
  return { message: 'internal error, see the service log', status: 500 };
}
