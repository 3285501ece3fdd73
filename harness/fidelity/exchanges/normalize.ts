/**
 * Makes the answers of two servers comparable: what each server draws by itself (uids, times, versions, suffixes,
 * addresses, tokens) becomes a placeholder, numbered by first appearance in the case, so that "the same uid as before"
 * and "another version than before" are still compared.
 */
import { type Answer, isRecord, type Json, type JsonRecord, type Played } from './exchange.ts';

const UID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;
const TIME = /\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(?:Z|[+-]\d{2}:\d{2})/g;
const SUFFIX = /^[bcdfghjklmnpqrstvwxz2456789]{5}$/;
const CLUSTER_ADDRESS = /\b10\.96\.\d{1,3}\.\d{1,3}\b/g;
/** Ports of a Service in a table: `80:31234/TCP`. */
const NODE_PORT = /\b(\d{1,5}):3[0-2]\d{3}\//g;
const AGE = /^(?:\d+[smhdy])+$/;
/** What a scheme is called after depends on where and how the server was built. */
const SOURCE_FILE = /in scheme "[^"]+"/g;
/** Groups of definitions that other cases make at the same time. */
const GROUP_OF_A_CASE = /^t[0-9a-z]{5,8}\.example\.com$/;
/** Where messages show a version of the store. */
const VERSION_IN_TEXT = /(current: |too old resource version: \d+ \(|in the precondition \(|in record \()\d+/g;

class Placeholders {
  readonly #known = new Map<string, string>();
  readonly #counts = new Map<string, number>();

  of(kind: string, value: string): string {
    const key = `${kind} ${value}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const count = (this.#counts.get(kind) ?? 0) + 1;
    this.#counts.set(kind, count);
    const placeholder = `<${kind} ${count}>`;
    this.#known.set(key, placeholder);
    return placeholder;
  }
}

/** The answers with placeholders; a text that the client itself sent stays as it is. */
export function normalize({ answers, sent }: Played): Answer[] {
  const normalizer = new Normalizer(sent);
  return answers.map((answer) => normalizer.answer(answer));
}

class Normalizer {
  readonly #sent: ReadonlySet<string>;
  readonly #placeholders = new Placeholders();
  readonly #names = new Map<string, string>();

  constructor(sent: ReadonlySet<string>) {
    this.#sent = sent;
  }

  answer(answer: Answer): Answer {
    const headers = this.#value(answer.headers, '') as Record<string, string>;
    return { ...answer, headers, body: this.#value(withNamedLists(answer.body, this.#sent), '') };
  }

  #value(value: Json, member: string): Json {
    if (typeof value === 'string') return this.#member(value, member);
    if (Array.isArray(value)) return inOrder(value, member).map((each: Json) => this.#value(each, member));
    if (!isRecord(value)) return member === 'nodePort' && typeof value === 'number' ? '<node port>' : value;
    this.#noteGeneratedName(value);
    if (value.kind === 'Status' && isRecord(value.details)) {
      this.#noteRefusedName(value.details.name);
      const ordered = withOrderedCauses(value);
      if (ordered !== value) return this.#value(ordered, member);
    }
    const sorted = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
    if (isRecord(value.metadata) && isListOrBookmark(value)) {
      return this.#value(withoutVersion(value), member);
    }
    return Object.fromEntries(sorted.map(([name, each]) => [name, this.#value(each, name)]));
  }

  #member(text: string, member: string): Json {
    if (this.#sent.has(text) || text.startsWith('<')) return text;
    if (member === 'resourceVersion' && /^\d+$/.test(text) && text !== '0')
      return this.#placeholders.of('version', text);
    if (member === 'continue' && text !== '') return '<continue>';
    if (member === 'token') return '<token>';
    if (member === 'serverAddress') return '<address>';
    if (member === 'cells' && AGE.test(text)) return '<age>';
    if (member === 'cells') return this.#text(text.replace(NODE_PORT, '$1:<node port>/'));
    if (member === 'ca.crt') return '<certificate>';
    return this.#text(text);
  }

  #text(text: string): string {
    let result = text;
    for (const [name, placeholder] of this.#names) result = result.replaceAll(name, placeholder);
    return result
      .replace(UID, (uid) => (this.#sent.has(uid) ? uid : this.#placeholders.of('uid', uid)))
      .replace(TIME, (time, fraction?: string) =>
        this.#sent.has(time) ? time : fraction === undefined ? '<time>' : '<time with fraction>',
      )
      .replace(CLUSTER_ADDRESS, (address) =>
        this.#sent.has(address) ? address : this.#placeholders.of('cluster address', address),
      )
      .replace(SOURCE_FILE, 'in scheme "<source file>"')
      .replace(VERSION_IN_TEXT, '$1<version>');
  }

  /** The name that was generated for an object that was then refused. */
  #noteRefusedName(name: Json | undefined): void {
    if (typeof name !== 'string' || this.#sent.has(name) || !this.#sent.has(name.slice(0, -5))) return;
    this.#noteGeneratedName({ name, generateName: name.slice(0, -5) });
  }

  /** From here on the suffix is known wherever the name stands. */
  #noteGeneratedName(object: JsonRecord): void {
    const { generateName, name } = object;
    if (typeof generateName !== 'string' || typeof name !== 'string') return;
    const suffix = name.slice(-5);
    if (!SUFFIX.test(suffix) || this.#names.has(name)) return;
    this.#names.set(name, `${name.slice(0, -5)}${this.#placeholders.of('suffix', suffix)}`);
  }
}

/** Entries of managedFields stand in the order of their seconds: which of two writes began a new one is chance. */
function inOrder(list: readonly Json[], member: string): readonly Json[] {
  if (member !== 'managedFields') return list;
  const keyOf = (entry: Json) =>
    isRecord(entry) ? [entry.operation, entry.manager, entry.apiVersion, entry.subresource].join(' ') : '';
  return [...list].sort((one, other) => (keyOf(one) < keyOf(other) ? -1 : keyOf(one) > keyOf(other) ? 1 : 0));
}

/** Refusals of custom resources and of schemas come in the order of Go's maps, which is chance. */
function withOrderedCauses(status: JsonRecord): JsonRecord {
  const { details, message } = status;
  if (!isRecord(details) || !Array.isArray(details.causes) || typeof message !== 'string') return status;
  const isChance = /^(?:\w+\.fidelity\.example\.com|CustomResourceDefinition)/.test(message);
  if (!isChance) return status;
  const textOf = (cause: Json) => (isRecord(cause) ? `${cause.field}: ${cause.message}` : '');
  const texts = [...new Set(details.causes.map(textOf))];
  const causes = [...details.causes].sort((one: Json, other: Json) => (textOf(one) < textOf(other) ? -1 : 1));
  const ordered = message.replace(`[${texts.join(', ')}]`, () => `[${[...texts].sort().join(', ')}]`);
  if (ordered === message && causes.every((cause: Json, index) => cause === (details.causes as Json[])[index]))
    return status;
  return { ...status, message: ordered, details: { ...details, causes } };
}

function isListOrBookmark(value: JsonRecord): boolean {
  const { metadata } = value;
  if (!isRecord(metadata) || typeof metadata.resourceVersion !== 'string' || /^</.test(metadata.resourceVersion))
    return false;
  if (Array.isArray(value.items)) return true;
  if (value.kind === 'Table') return true;
  return metadata.name === undefined && metadata.uid === undefined;
}

/** Which version of the store a list shows depends on what else happens on the server. */
function withoutVersion(value: JsonRecord): JsonRecord {
  const metadata = value.metadata as JsonRecord;
  const placeholder = metadata.resourceVersion === '' ? '' : '<version of the store>';
  return { ...value, metadata: { ...metadata, resourceVersion: placeholder } };
}

/** Lists of discovery become records by name: what one server lacks does not shift the rest. */
function withNamedLists(body: Json, sent: ReadonlySet<string>): Json {
  if (!isRecord(body)) return body;
  const own = (group: JsonRecord) => {
    const name = isRecord(group.metadata) ? group.metadata.name : group.name;
    return typeof name !== 'string' || sent.has(name) || !GROUP_OF_A_CASE.test(name);
  };
  if (body.kind === 'APIResourceList') return { ...body, resources: byName(body.resources ?? [], 'name') };
  if (body.kind === 'APIGroupList') {
    const groups = Array.isArray(body.groups) ? body.groups.filter(isRecord).filter(own) : [];
    return { ...body, groups: byName(groups, 'name') };
  }
  if (body.kind !== 'APIGroupDiscoveryList' || !Array.isArray(body.items)) return body;
  const items = body.items
    .filter(isRecord)
    .filter(own)
    .map((group) => ({
      name: isRecord(group.metadata) ? (group.metadata.name ?? 'core') : '',
      metadata: group.metadata ?? null,
      versions: byName(
        (Array.isArray(group.versions) ? group.versions : []).map((version: Json) =>
          isRecord(version)
            ? { ...version, resources: withNamedParts(byName(version.resources ?? [], 'resource')) }
            : version,
        ),
        'version',
      ),
    }));
  return { ...body, items: byName(items, 'name') };
}

function withNamedParts(resources: Json): Json {
  if (!isRecord(resources)) return resources;
  return Object.fromEntries(
    Object.entries(resources).map(([name, resource]) => [
      name,
      isRecord(resource) && resource.subresources !== undefined
        ? { ...resource, subresources: byName(resource.subresources, 'subresource') }
        : resource,
    ]),
  );
}

function byName(list: Json, member: string): Json {
  if (!Array.isArray(list)) return list;
  return Object.fromEntries(list.filter(isRecord).map((each) => [String(each[member]), each]));
}
