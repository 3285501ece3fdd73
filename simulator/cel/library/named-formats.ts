/** Kubernetes' library `format`: `format.dns1123Label().validate(x)`. Source: Kubernetes' cel/library/format.go. */

import { hasFormat } from '../../apiserver/schema/formats.ts';
import {
  dns1035Label,
  dnsLabel,
  dnsSubdomain,
  labelValueReasons,
  qualifiedName,
} from '../../apiserver/schema/names.ts';
import { fn, method, type Overload } from '../check/declarations.ts';
import { opaque } from '../check/types.ts';
import { patternCost, sizeOf } from '../cost.ts';
import { Opaque, Optional, type Value } from '../values/value.ts';
import { urlProblem } from './urls.ts';

export const NAMED_FORMAT = opaque('kubernetes.NamedFormat');

class NamedFormat extends Opaque {
  override readonly type = NAMED_FORMAT;
  readonly name: string;
  readonly validate: (text: string) => readonly string[];
  /** For costs. */
  readonly patternSize: number;

  constructor(name: string, patternSize: number, validate: (text: string) => readonly string[]) {
    super();
    this.name = name;
    this.patternSize = patternSize;
    this.validate = validate;
  }

  override equals(other: Opaque): boolean {
    return other instanceof NamedFormat && other.name === this.name;
  }
}

/** A prefix of a generated name: what follows is put in place of a hyphen at the end. */
function asPrefix(validate: (text: string) => readonly string[]): (text: string) => readonly string[] {
  return (text) => validate(text.length > 1 && text.endsWith('-') ? `${text.slice(0, -2)}a` : text);
}

function schemaFormat(format: string, reason: string): (text: string) => readonly string[] {
  return (text) => (hasFormat(text, format) ? [] : [reason]);
}

function uri(text: string): readonly string[] {
  const problem = urlProblem(text);
  return problem === undefined ? [] : [problem];
}

const DATE_TIME_SIZE = 97;

const formats: ReadonlyMap<string, NamedFormat> = new Map(
  [
    new NamedFormat('dns1123Label', 30, dnsLabel),
    new NamedFormat('dns1123Subdomain', 60, dnsSubdomain),
    new NamedFormat('dns1035Label', 30, dns1035Label),
    new NamedFormat('qualifiedName', 60, qualifiedName),
    new NamedFormat('dns1123LabelPrefix', 30, asPrefix(dnsLabel)),
    new NamedFormat('dns1123SubdomainPrefix', 60, asPrefix(dnsSubdomain)),
    new NamedFormat('dns1035LabelPrefix', 30, asPrefix(dns1035Label)),
    new NamedFormat('labelValue', 40, labelValueReasons),
    new NamedFormat('uri', 1000, uri),
    new NamedFormat('uuid', 71, schemaFormat('uuid', 'does not match the UUID format')),
    new NamedFormat('byte', 92, schemaFormat('byte', 'invalid base64')),
    new NamedFormat('date', DATE_TIME_SIZE, schemaFormat('date', 'invalid date')),
    new NamedFormat('datetime', DATE_TIME_SIZE, schemaFormat('datetime', 'invalid datetime')),
  ].map((format) => [format.name, format]),
);

function validated(format: Value | undefined, text: Value | undefined): Value {
  const reasons = (format as NamedFormat).validate(text as string);
  return reasons.length === 0 ? Optional.none : new Optional([...reasons]);
}

export const namedFormats: readonly Overload[] = [
  ...[...formats.values()].map((format) => fn(`format.${format.name}`, ' -> kubernetes.NamedFormat', () => format)),
  fn('format.named', 'string -> optional<kubernetes.NamedFormat>', ([name]) => {
    const found = formats.get(name as string);
    return found === undefined ? Optional.none : new Optional(found);
  }),
  method(
    'validate',
    'kubernetes.NamedFormat, string -> optional<list<string>>',
    ([format, text]) => validated(format, text),
    ([format, text = '']) => patternCost(sizeOf(text), (format as NamedFormat).patternSize),
  ),
];
