/**
 * What field numbers mean, message by message: `fields.json`, generated from Kubernetes' own declarations by
 * `scripts/generate-protobuf-fields.ts`.
 */

import { createRequire } from 'node:module';
import { ownMember } from '../../../world/members.ts';

export interface Field {
  /** Name of the member; empty when the members of the value belong to the object itself. */
  readonly name: string;
  readonly shape: 'one' | 'list' | 'map';
  /** An empty value is left out: protobuf writes it all the same. */
  readonly leftOutWhenEmpty: boolean;
  /** `string`, `bytes`, `int`, `bool`, `double`, or the name of a message. */
  readonly type: string;
}

interface Table {
  readonly messages: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

let loaded: Table | undefined;
const read = new Map<string, ReadonlyMap<number, Field>>();

/** The fields of a message by number (`batch.v1.JobSpec`); undefined for a message that the table lacks. */
export function fieldsOf(message: string): ReadonlyMap<number, Field> | undefined {
  const known = read.get(message);
  if (known) return known;
  loaded ??= createRequire(import.meta.url)('./fields.json') as Table;
  const texts = ownMember(loaded.messages, message);
  if (!texts) return undefined;
  const fields = new Map(Object.entries(texts).map(([number, text]) => [Number(number), parseField(text)]));
  read.set(message, fields);
  return fields;
}

/** `name type`, the type with `[]` for lists, `{}` for maps with text keys, `?` for what is left out when empty. */
function parseField(text: string): Field {
  const [name = '', declared = ''] = text.split(' ');
  const [, sign = '', type = ''] = /^(\[\]|\{\}|\?)?(.*)$/.exec(declared) ?? [];
  const shape = sign === '[]' ? 'list' : sign === '{}' ? 'map' : 'one';
  return { name, shape, leftOutWhenEmpty: sign === '?', type };
}
