/**
 * HTTP for Fabric's services: Hono under the World's HttpHandler. Imports `world` and `hono` only. Begin reading in `exchange.ts`.
 */
export {
  answered,
  createRoutes,
  type Exchange,
  type HttpContext,
  type HttpEnvironment,
  handlerOf,
  type Routes,
} from './exchange.ts';
export { decodePath, encodeKey, pathOf, queryOf } from './path.ts';
export { Problem, type ProblemDetail } from './problem.ts';
export { invalidQuery, isObject, isTrue, readJson, readObject, wholeNumber } from './read.ts';
export { answerProblems, sendHead, sendJson, sendStream, sendText, writeAll } from './reply.ts';
