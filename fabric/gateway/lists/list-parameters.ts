/** Parameters of lists (contract 2.5), as the routes that read them declare them. */
import { count, type Parameters, words } from '../../openapi/operation.ts';
import type { ListedKind } from './list-query.ts';

/** Of a list of that kind. */
export function listParameters({ kind, fields, sortFields = [], defaultSort }: ListedKind): Parameters {
  const sortable = [...fields, ...sortFields].join(', ');
  return {
    filter: words(`JSON as MongoDB filters ${kind}, of these fields: ${fields.join(', ')}.`),
    sort: words(
      `\`asc\`, \`desc\` (by ${defaultSort}; the default) or JSON such as {"${defaultSort}": -1}, of: ${sortable}.`,
    ),
    ...pageParameters,
  };
}

export const pageParameters: Parameters = {
  limit: count('How many at most: 20 unless given, 0 for all.'),
  skip: count('How many to leave out at the beginning.'),
};
