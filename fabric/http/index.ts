/**
 * HTTP for Fabric's services: Hono under the World's HttpHandler. Imports `world` and `hono` only. Begin reading in
 * `exchange.ts`.
 */
export { checksumHeaders } from './checksum-headers.ts';
export { answered, createRoutes, type HttpContext, type Routes } from './exchange.ts';
export { checkedKey, checkedName } from './names.ts';
export { decodePath, pathOf, pathOfSegments, queryOf } from './path.ts';
export { Problem, type ProblemDetail } from './problem.ts';
export {
  invalidQuery,
  isObject,
  isTrue,
  jsonOrUndefined,
  parsedJson,
  readJson,
  readObject,
  wholeNumber,
} from './read.ts';
export { sendHead, sendJson, sendStream, sendText, writeAll } from './reply.ts';
export { type Serving, serve } from './serve.ts';
