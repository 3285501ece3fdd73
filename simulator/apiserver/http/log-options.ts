/**
 * What a request for a log asks for: its parameters read and checked as the API server does, before it looks for the
 * pod. (Upstream: core/v1 conversion of PodLogOptions from url.Values, validation.ValidatePodLogOptions.)
 */
import type { LogOptions } from '../../../kubernetes/client.ts';
import { parseGoTime } from '../../go/time.ts';
import { badRequest, type FieldError, invalid } from '../errors.ts';
import { flagOf, integerOf, type Query, textOf } from './query.ts';

/** Go's zero time: what an empty `sinceTime`, or `null`, stands for. */
const zeroTime = '0001-01-01T00:00:00Z';

/** Throws ApiError: 400 for what cannot be read, 422 for what may not be asked for; `name` is the pod's. */
export function logOptionsOf(query: Query, name: string): LogOptions {
  const options = {
    container: textOf(query, 'container'),
    follow: flagOf(query, 'follow'),
    previous: flagOf(query, 'previous'),
    sinceSeconds: integerOf(query, 'sinceSeconds'),
    sinceTime: timeOf(query, 'sinceTime'),
    timestamps: flagOf(query, 'timestamps'),
    tailLines: integerOf(query, 'tailLines'),
    limitBytes: integerOf(query, 'limitBytes'),
  };
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as LogOptions;
  checkLogOptions(name, given, query.has('stream'));
  return given;
}

/** As the node is asked: in whole seconds, of UTC. */
function timeOf(query: Query, name: string): string | undefined {
  const text = query.get(name);
  if (text === null) return undefined;
  if (text === '' || text === 'null') return zeroTime;
  const time = parseGoTime(text);
  if ('problem' in time) throw badRequest(time.problem);
  return `${new Date(time.secondMs).toISOString().slice(0, -5)}Z`;
}

/**
 * Throws ApiError (422). `hasStream`: one of the two streams is asked for, which needs the feature gate
 * PodLogsQuerySplitStreams.
 */
export function checkLogOptions(name: string, options: LogOptions, hasStream = false): void {
  const { tailLines, limitBytes, sinceSeconds, sinceTime } = options;
  const errors: FieldError[] = [];
  const refuse = (field: string, value: unknown, why: string) =>
    void errors.push({ reason: 'FieldValueInvalid', field, message: `Invalid value: ${value}: ${why}` });
  const forbid = (field: string, why: string) =>
    void errors.push({ reason: 'FieldValueForbidden', field, message: `Forbidden: ${why}` });
  if (tailLines !== undefined && tailLines < 0) {
    refuse('tailLines', tailLines, 'must be greater than or equal to 0');
  }
  if (limitBytes !== undefined && limitBytes < 1) refuse('limitBytes', limitBytes, 'must be greater than 0');
  if (sinceSeconds !== undefined && sinceTime !== undefined) {
    forbid('[]', 'at most one of `sinceTime` or `sinceSeconds` may be specified');
  } else if (sinceSeconds !== undefined && sinceSeconds < 1) {
    refuse('sinceSeconds', sinceSeconds, 'must be greater than 0');
  }
  if (hasStream) forbid('stream', 'may not be specified');
  if (errors.length > 0) throw invalid({ group: '', plural: 'pods', kind: 'PodLogOptions' }, name, errors);
}
