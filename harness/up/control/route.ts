/**
 * What a route of the control API is: an operation that is described, and what it does. One route a function of
 * `routes/`.
 */
import { z } from 'zod';
import { type Answer, type Contents, json, named, type Operation } from '../../../fabric/openapi/operation.ts';
import type { LocalImages } from '../../../simulator/node/runtimes/processes/local-images.ts';
import type { Files } from '../../../world/files.ts';
import type { HttpRequest, HttpResponse } from '../../../world/network.ts';
import type { Pacing } from '../../../world/simulated/pacing.ts';
import type { Simulation } from '../../../world/simulated/simulation.ts';
import type { FaultDesk } from '../fault-desk.ts';
import type { RunningPrograms } from '../running-programs.ts';
import type { TraceSpool } from '../trace-spool.ts';

export interface ControlOptions {
  readonly simulation: Simulation;
  readonly pacing: Pick<Pacing, 'speed' | 'behind' | 'setSpeed' | 'advance'>;
  readonly faults: FaultDesk;
  readonly programs: Pick<RunningPrograms, 'list' | 'daemonsStarted'>;
  readonly spool: Pick<TraceSpool, 'read'>;
  /** The images of the node that are local commands. */
  readonly images: LocalImages;
  /** Where the folders of local commands are. */
  readonly files: Files;
  /** The administrator's token of the simulated cluster: who holds it may have programs run. */
  readonly token: string;
  /** Ends the run; the answer is on its way first. */
  stop(): void;
}

export interface ControlRequest {
  readonly options: ControlOptions;
  readonly request: HttpRequest;
  readonly response: HttpResponse;
  /** What stands in the path in the place of the braces, decoded; empty for a path without. */
  readonly place: string;
}

export interface ControlRoute {
  readonly operation: Operation;
  handle(asked: ControlRequest): Promise<void>;
}

type Described = Pick<Operation, 'operationId' | 'method' | 'path' | 'tag' | 'summary' | 'description'> & {
  readonly places?: Operation['places'];
  readonly body?: z.ZodType;
  readonly answer: Contents;
  /** Besides what every route answers. */
  readonly refuses?: readonly number[];
  /** Only whoever holds the administrator's token is answered. */
  readonly isForAdministrators?: boolean;
};

export const problem = named(
  'Problem',
  z.strictObject({
    success: z.literal(false),
    message: z.string().min(1),
    code: z.int().min(400).max(599).describe('The HTTP status.'),
    reason: z.string().optional().describe('Of a refusal by name or origin.'),
  }),
);
export const done = named('Done', z.strictObject({ success: z.literal(true) }));
/** Name of the security scheme. */
export const administrator = 'administrator';

/** Said of a status wherever it is answered. */
const meanings: Readonly<Record<number, string>> = {
  400: 'What was asked is wrong; nothing was done.',
  401: 'The bearer token is missing, or is not the administrator’s.',
  403: 'A web page, or a name that is not this machine’s (docs/limits.md).',
  404: 'It is not there.',
  409: 'Not at the moment.',
  413: 'The body is too large.',
};
const bodyRefusals = [400, 413];
const everywhere = [403];

export function route(described: Described, handle: ControlRoute['handle']): ControlRoute {
  const { places = {}, body, answer, refuses = [], isForAdministrators = false, ...named } = described;
  const refusals = [
    ...new Set([...(body ? bodyRefusals : []), ...(isForAdministrators ? [401] : []), ...everywhere, ...refuses]),
  ].sort();
  const answers = new Map<number, Answer>([
    [200, { description: 'Done.', contents: answer }],
    ...refusals.map((status): [number, Answer] => [
      status,
      { description: meanings[status] ?? '', contents: json(problem) },
    ]),
  ]);
  const operation: Operation = {
    ...named,
    places,
    query: {},
    headers: {},
    ...(body ? { body: { contents: json(body), isRequired: true } } : {}),
    answers,
    ...(isForAdministrators ? { security: administrator } : {}),
  };
  return { operation, handle };
}
