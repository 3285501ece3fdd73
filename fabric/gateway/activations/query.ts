/** The query of a list of activations (contract 3.6). */
import type { HttpContext } from '../../http/index.ts';
import { type Parameters, words } from '../../openapi/operation.ts';
import { instantForms } from '../lists/instant.ts';
import { instantParameter, type ListedKind } from '../lists/list-query.ts';
import type { Filter } from '../stores/store.ts';

const synonyms: Readonly<Record<string, string>> = {
  COMPLETED: 'COMPLETE',
  SUCCEEDED: 'COMPLETE',
  SUCCESS: 'COMPLETE',
  FAILED: 'ERROR',
  FAIL: 'ERROR',
  ACTIVE: 'STARTED',
  RUNNING: 'STARTED',
  CANCELED: 'CANCELLED',
};

/** The stored word, whatever the case and the word. */
function statusOf(text: string): string {
  const word = text.toUpperCase();
  return Object.hasOwn(synonyms, word) ? (synonyms[word] ?? word) : word;
}

export const listedActivations: ListedKind = {
  kind: 'activations',
  fields: [
    ...['activationId', 'status', 'start', 'end', 'startTime', 'endTime', 'skillName', 'agentName', 'correlationId'],
    ...['sessionId', 'username', 'serviceName', 'inputName', 'elapsed'],
  ],
  timeFields: ['start', 'end', 'startTime', 'endTime'],
  defaultSort: 'start',
  storedIn: new Map([
    ['startTime', 'start'],
    ['endTime', 'end'],
  ]),
  storedText: (field, text) => (field === 'status' ? statusOf(text) : text),
};

const equalityParameters = ['agentName', 'skillName', 'correlationId', 'sessionId', 'username'] as const;

/** As the route declares them. */
export const activationParameters: Parameters = {
  ...Object.fromEntries(equalityParameters.map((name) => [name, words(`Those with this ${name}.`)])),
  status: words('PENDING, STARTED, COMPLETE, ERROR or CANCELLED, in any case.'),
  startBefore: words(`Those that started before: ${instantForms}.`),
  startAfter: words(`Those that started after: ${instantForms}.`),
  endBefore: words(`Those that ended before: ${instantForms}.`),
  endAfter: words(`Those that ended after: ${instantForms}.`),
};

/** What the request's own parameters ask for. Throws the Problem `invalid-query`. */
export function parameterFilters(context: HttpContext): Filter[] {
  const filters: Filter[] = [];
  for (const name of equalityParameters) {
    const value = context.req.query(name);
    if (value) filters.push({ [name]: value });
  }
  const status = context.req.query('status');
  if (status) filters.push({ status: statusOf(status) });
  for (const field of ['start', 'end'] as const) {
    const before = instantParameter(`${field}Before`, context.req.query(`${field}Before`));
    const after = instantParameter(`${field}After`, context.req.query(`${field}After`));
    if (before !== undefined) filters.push({ [field]: { $lt: before } });
    if (after !== undefined) filters.push({ [field]: { $gt: after } });
  }
  return filters;
}
