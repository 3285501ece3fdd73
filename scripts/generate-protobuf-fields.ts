/**
 * Writes `simulator/apiserver/protobuf/fields.json`: which member of an object each protobuf field number stands for,
 * for the kinds that the API server serves. Read from the Go modules of one Kubernetes release, field numbers and types
 * from their `generated.proto`, JSON names and what is left out when empty from the tags in `types.go`:
 *
 *   go mod download -json k8s.io/api@v0.36.3 k8s.io/apimachinery@v0.36.3 k8s.io/apiextensions-apiserver@v0.36.3   # prints each "Dir"
 *   node scripts/generate-protobuf-fields.ts DIR DIR DIR
 */
import '../harness/unread-output.ts';
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

const structurePath = new URL('../simulator/apiserver/schema/structure.json', import.meta.url);
const targetPath = new URL('../simulator/apiserver/protobuf/fields.json', import.meta.url);
const servedGroups = [
  '',
  'apiextensions.k8s.io',
  'apps',
  'authentication.k8s.io',
  'authorization.k8s.io',
  'batch',
  'coordination.k8s.io',
  'events.k8s.io',
  'policy',
  'rbac.authorization.k8s.io',
  'scheduling.k8s.io',
];
/** Read by code of their own. */
const special = /\.(Time|MicroTime|Duration|Quantity|IntOrString|FieldsV1|RawExtension|JSON|JSONSchemaPropsOr\w+)$/;

interface Field {
  readonly number: string;
  readonly label: string;
  readonly type: string;
  readonly name: string;
}
interface Tag {
  readonly json: string;
  readonly pointer: boolean;
}

const messages = new Map<string, Field[]>();
const tags = new Map<string, Map<string, Tag>>();

/** `k8s.io.api.batch.v1` and `Job` to `batch.v1.Job`: unique among what is read here. */
function shortName(fullName: string): string {
  return fullName.split('.').slice(-3).join('.');
}

function readMessages(proto: string): void {
  const packageName = /^package (.+);$/m.exec(proto)?.[1] ?? '';
  for (const [, message = '', body = ''] of proto.matchAll(/^message (\w+) \{\n([\s\S]*?)^\}/gm)) {
    const fields = [...body.matchAll(/^ {2}(optional|repeated|map<string, )\s*([\w.]+)>? (\w+) = (\d+);/gm)];
    messages.set(
      shortName(`${packageName}.${message}`),
      fields.map(([, label = '', type = '', name = '', number = '']) => ({
        number,
        label,
        type: typeName(type, packageName),
        name,
      })),
    );
  }
}

function typeName(type: string, packageName: string): string {
  if (type.startsWith('.')) return shortName(type);
  const scalars: Record<string, string> = { int32: 'int', int64: 'int' };
  if (/^[a-z]/.test(type)) return scalars[type] ?? type;
  return shortName(`${packageName}.${type}`);
}

function readTags(source: string, packageName: string): void {
  for (const [, name = '', body = ''] of source.matchAll(/^type (\w+) struct \{\n([\s\S]*?)^\}/gm)) {
    const fields = body.matchAll(/^\t(?:\w+\s+)?(\*?)\S+\s+`json:"([^"]*)"[^`\n]*? protobuf:"\w+,(\d+),/gm);
    const known = [...fields].map(([, star, json = '', number = '']): [string, Tag] => [
      number,
      { json, pointer: star === '*' },
    ]);
    tags.set(shortName(`${packageName}.${name}`), new Map(known));
  }
}

function fieldText(message: string, { number, label, type, name }: Field): string {
  const tag = tags.get(message)?.get(number);
  const [json = name, ...options] = tag?.json.split(',') ?? [];
  // A named list in Go has no tag; its one member stands for the list itself.
  const shownName = options.includes('inline') || (!tags.has(message) && name === 'items') ? '' : json;
  const shape = label === 'repeated' ? '[]' : label === 'optional' ? '' : '{}';
  const leftOut = shape === '' && tag !== undefined && !tag.pointer && options.includes('omitempty') ? '?' : '';
  return `${shownName} ${shape}${leftOut}${type}`;
}

for (const folder of process.argv.slice(2)) {
  for (const path of globSync('{*/v1,pkg/**}/generated.proto', { cwd: folder })) {
    const proto = readFileSync(`${folder}/${path}`, 'utf8');
    readMessages(proto);
    const packageName = /^package (.+);$/m.exec(proto)?.[1] ?? '';
    for (const source of globSync(`${dirname(path)}/*.go`, { cwd: folder })) {
      if (!/_test\.go$|\.pb\.go$|zz_/.test(source)) readTags(readFileSync(`${folder}/${source}`, 'utf8'), packageName);
    }
  }
}

const { kubernetes, kinds } = JSON.parse(readFileSync(structurePath, 'utf8')) as {
  kubernetes: string;
  kinds: Record<string, string>;
};
const wanted = Object.entries(kinds)
  .filter(([key]) => servedGroups.includes(key.split('/')[0] ?? '') && !/List$|WatchEvent$|\/Status$/.test(key))
  .map(([, type]) => shortName(type));
wanted.push('autoscaling.v1.Scale');
const table: Record<string, Record<string, string>> = {};
for (const message of wanted) {
  const fields = messages.get(message);
  if (table[message] || special.test(message)) continue;
  if (!fields) throw new Error(`no generated.proto declares ${message}`);
  table[message] = Object.fromEntries(fields.map((field) => [field.number, fieldText(message, field)]));
  wanted.push(...fields.map(({ type }) => type).filter((type) => type.includes('.')));
}
const lines = Object.keys(table)
  .sort()
  .map((name) => `${JSON.stringify(name)}:${JSON.stringify(table[name])}`);
writeFileSync(targetPath, `{"kubernetes":"${kubernetes}",\n"messages":{\n${lines.join(',\n')}\n}}\n`);
