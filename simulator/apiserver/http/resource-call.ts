/** A request on a resource, as the operations of `requests.ts` take it. */
import type { HttpRequest } from '../../../world/network.ts';
import type { Caller } from '../auth/caller.ts';
import type { Backend } from '../backend.ts';
import type { Resource } from '../kinds/resource.ts';
import type { Answer } from './negotiate.ts';
import type { Query } from './query.ts';
import type { Exchange } from './respond.ts';

/** A request on a resource, understood. */
export interface ResourceCall {
  readonly backend: Backend;
  readonly request: HttpRequest;
  readonly exchange: Exchange;
  readonly query: Query;
  readonly resource: Resource;
  /** undefined: all namespaces, or none. */
  readonly namespace: string | undefined;
  readonly name: string | undefined;
  readonly subresource: string | undefined;
  readonly caller: Caller;
  readonly answer: Answer;
}
