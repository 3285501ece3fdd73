/**
 * The words of Go's JSON decoder for values of the wrong type: `json: cannot unmarshal string into Go struct field
 * JobSpec.spec.parallelism of type int32`.
 */
import { parseGoTime } from '../../go/time.ts';
import type { Json } from './json.ts';
import { isObject } from './json.ts';
import type { Structure } from './structure.ts';

export interface DecodeProblem {
  readonly text: string;
  /** Ends the decoding at once. */
  readonly isFatal: boolean;
}

interface Place {
  /** Go's name of the structure around. */
  readonly owner: string;
  /** Names of the fields on the way, embedded structures among them; indexes and keys are not named. */
  readonly fields: readonly string[];
}

/** Go embeds these structures, and names them on the way to a field. */
const embedded: Readonly<
  Record<string, { readonly name: string; readonly fields: readonly string[] | 'all but name' }>
> = {
  Volume: { name: 'VolumeSource', fields: 'all but name' },
  Probe: { name: 'ProbeHandler', fields: ['exec', 'httpGet', 'tcpSocket', 'grpc'] },
  ConfigMapEnvSource: { name: 'LocalObjectReference', fields: ['name'] },
  ConfigMapKeySelector: { name: 'LocalObjectReference', fields: ['name'] },
  ConfigMapProjection: { name: 'LocalObjectReference', fields: ['name'] },
  ConfigMapVolumeSource: { name: 'LocalObjectReference', fields: ['name'] },
  SecretEnvSource: { name: 'LocalObjectReference', fields: ['name'] },
  SecretKeySelector: { name: 'LocalObjectReference', fields: ['name'] },
  SecretProjection: { name: 'LocalObjectReference', fields: ['name'] },
};

/** Fields of Go's named text types. */
const namedTexts: Readonly<Record<string, string>> = {
  'CronJobSpec.concurrencyPolicy': 'v1.ConcurrencyPolicy',
  'JobSpec.completionMode': 'v1.CompletionMode',
  'JobSpec.podReplacementPolicy': 'v1.PodReplacementPolicy',
  'PodSpec.restartPolicy': 'v1.RestartPolicy',
  'PodSpec.dnsPolicy': 'v1.DNSPolicy',
  'Container.imagePullPolicy': 'v1.PullPolicy',
  'Container.terminationMessagePolicy': 'v1.TerminationMessagePolicy',
  'ContainerPort.protocol': 'v1.Protocol',
  'ObjectMeta.uid': 'types.UID',
  'OwnerReference.uid': 'types.UID',
};

function shortName({ typeName }: Structure): string {
  return typeName?.split('.').at(-1) ?? '';
}

/** `int32`, `[]v1.EnvVar`, `map[string]string`, `v1.JobSpec` */
function goType(structure: Structure): string {
  switch (structure.type) {
    case 'boolean':
      return 'bool';
    case 'integer':
    case 'int-or-string':
      return structure.format ?? 'int32';
    case 'number':
      return 'float64';
    case 'list':
      return `[]${structure.items === undefined ? 'interface {}' : goType(structure.items)}`;
    case 'map':
      if (structure.values?.type === 'quantity') return 'v1.ResourceList';
      return `map[string]${structure.values === undefined ? 'interface {}' : goType(structure.values)}`;
    case 'object': {
      const [version, name] = (structure.typeName ?? 'v1.').split('.').slice(-2);
      return `${version}.${name}`;
    }
    case 'string':
      return structure.format === 'byte' ? '[]uint8' : 'string';
    default:
      return 'string';
  }
}

function given(value: Json, target: Structure): string {
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'boolean') return 'bool';
  const isWholeNeeded = target.type === 'integer' || target.type === 'int-or-string';
  return typeof value === 'number' && isWholeNeeded ? `number ${value}` : typeof value;
}

function mismatch(value: Json, structure: Structure, place: Place): DecodeProblem {
  const named = namedTexts[`${place.owner}.${place.fields.at(-1) ?? ''}`];
  const type = structure.type === 'string' && named !== undefined ? named : goType(structure);
  const field = [place.owner, ...place.fields].join('.');
  const into = place.fields.length === 0 ? 'Go value' : `Go struct field ${field}`;
  return { text: `json: cannot unmarshal ${given(value, structure)} into ${into} of type ${type}`, isFatal: false };
}

function isWhole(value: number, format: string | undefined): boolean {
  const limit = format === 'int32' ? 2 ** 31 : 2 ** 63;
  return Number.isInteger(value) && value < limit && value >= -limit;
}

const quantityPattern = /^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$/;

/** Go's time.Parse complaint; undefined for a good time. */
export function timeProblem(text: string, hasMicroseconds: boolean): string | undefined {
  const time = parseGoTime(text, hasMicroseconds ? '2006-01-02T15:04:05.000000Z07:00' : undefined);
  return 'problem' in time ? time.problem : undefined;
}

function scalarProblem(structure: Structure, value: Json, place: Place): DecodeProblem | undefined {
  const fatal = (text: string): DecodeProblem => ({ text, isFatal: true });
  switch (structure.type) {
    case 'boolean':
      return typeof value === 'boolean' ? undefined : mismatch(value, structure, place);
    case 'number':
      return typeof value === 'number' ? undefined : mismatch(value, structure, place);
    case 'integer':
      if (typeof value !== 'number') return { ...mismatch(value, structure, place) };
      return isWhole(value, structure.format) ? undefined : mismatch(value, structure, place);
    case 'int-or-string':
      if (typeof value === 'string') return undefined;
      if (typeof value !== 'number') return mismatch(value, structure, place);
      return isWhole(value, 'int32') ? undefined : mismatch(value, structure, place);
    case 'quantity': {
      const text = typeof value === 'number' ? String(value) : value;
      if (typeof text === 'string' && quantityPattern.test(text)) return undefined;
      return fatal("quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'");
    }
    default:
      return textProblem(structure, value, place);
  }
}

function textProblem(structure: Structure, value: Json, place: Place): DecodeProblem | undefined {
  if (typeof value !== 'string') return mismatch(value, structure, place);
  if (structure.format === 'date-time' || structure.format === 'micro-time') {
    const text = timeProblem(value, structure.format === 'micro-time');
    return text === undefined ? undefined : { text, isFatal: true };
  }
  if (structure.format === 'byte') {
    const position = base64Problem(value);
    return position === undefined
      ? undefined
      : { text: `illegal base64 data at input byte ${position}`, isFatal: false };
  }
  return undefined;
}

/** Where the first wrong character is; line breaks are passed over. */
function base64Problem(text: string): number | undefined {
  const body = text.replace(/[\r\n]/g, '');
  const wrong = /[^A-Za-z0-9+/=]/.exec(body);
  if (wrong !== null) return wrong.index;
  const padding = /^[A-Za-z0-9+/]*(={0,2})$/.exec(body);
  // Padding is taken for good up to the end of its group of four.
  if (padding === null) return Math.ceil(body.indexOf('=') / 4) * 4;
  return body.length % 4 === 0 ? undefined : Math.floor(body.length / 4) * 4;
}

function problemsIn(structure: Structure, value: Json, place: Place): DecodeProblem[] {
  if (value === null || structure.type === 'any') return [];
  if (structure.type === 'list') {
    const { items } = structure;
    if (!Array.isArray(value)) return [mismatch(value, structure, place)];
    return items === undefined ? [] : value.flatMap((item) => problemsIn(items, item, place));
  }
  if (structure.type === 'map') {
    const { values } = structure;
    if (!isObject(value)) return [mismatch(value, structure, place)];
    return values === undefined ? [] : Object.values(value).flatMap((item) => problemsIn(values, item, place));
  }
  if (structure.type === 'object') return objectProblems(structure, value, place);
  const problem = scalarProblem(structure, value, place);
  return problem === undefined ? [] : [problem];
}

function isWithin(fields: readonly string[] | 'all but name', name: string): boolean {
  return fields === 'all but name' ? name !== 'name' : fields.includes(name);
}

function objectProblems(structure: Structure, value: Json, place: Place): DecodeProblem[] {
  if (!isObject(value)) return [mismatch(value, structure, place)];
  const owner = shortName(structure);
  const inner = embedded[owner];
  return Object.entries(value).flatMap(([name, item]) => {
    const child = structure.fields?.get(name);
    if (child === undefined) return [];
    const through = inner !== undefined && isWithin(inner.fields, name) ? [inner.name] : [];
    return problemsIn(child, item, { owner, fields: [...place.fields, ...through, name] });
  });
}

/** Everything that does not decode, in the body's order. */
export function decodeProblem(structure: Structure, body: Json): DecodeProblem[] {
  return problemsIn(structure, body, { owner: shortName(structure), fields: [] });
}
