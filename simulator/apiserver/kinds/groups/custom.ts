/** Resources that a CustomResourceDefinition describes, one for each served version. Source: semantics 1.16. */
import { ownMember } from '../../../../world/members.ts';
import { type ApiObject, isRecord, listAt, recordAt, textAt } from '../../json.ts';
import { structureFromSchema } from '../../schema/structure.ts';
import { allVerbs, type CustomRules, type Resource, type Strategy, type Subresource, strategyOf } from '../resource.ts';
import { compareVersions } from '../versions.ts';
import { schemaRules } from './custom-schema.ts';

type Members = Record<string, unknown>;

/** What the definition asks to serve, whether it is established or not. */
export function customResources(definition: ApiObject): Resource[] {
  const versions = listAt(definition.spec, 'versions').filter(isRecord);
  const storage = textAt(
    versions.find((version) => version.storage === true),
    'name',
  );
  return versions
    .filter((version) => version.served === true)
    .map((version) => customResource(definition, version, storage));
}

function customResource(definition: ApiObject, version: Members, storage: string): Resource {
  const names = recordAt(definition.spec, 'names');
  const type = {
    group: textAt(definition.spec, 'group'),
    version: textAt(version, 'name'),
    plural: textAt(names, 'plural'),
    kind: textAt(names, 'kind'),
    namespaced: textAt(definition.spec, 'scope') === 'Namespaced',
  };
  const custom = rulesOf(definition, version, storage);
  return {
    ...type,
    singular: textAt(names, 'singular') || type.kind.toLowerCase(),
    listKind: textAt(names, 'listKind') || `${type.kind}List`,
    shortNames: texts(names, 'shortNames'),
    categories: texts(names, 'categories'),
    verbs: allVerbs,
    table: `${type.plural}.${type.group}`,
    subresources: subresourcesOf(type.kind, custom),
    strategy: strategyFor(version, custom),
    ...viewOf(definition, type.version, storage, custom),
    ...deprecationOf(definition, version, type),
    custom,
  };
}

/** Upstream: apiextensions-apiserver pkg/apiserver customresource_handler.go, defaultDeprecationWarning. */
function deprecationOf(
  definition: ApiObject,
  version: Members,
  { group, version: name, kind }: Pick<Resource, 'group' | 'version' | 'kind'>,
): { readonly deprecation?: string } {
  if (version.deprecated !== true) return {};
  if (typeof version.deprecationWarning === 'string') return { deprecation: version.deprecationWarning };
  const [better] = listAt(definition.spec, 'versions')
    .filter((each) => isRecord(each) && each.served === true && each.deprecated !== true)
    .map((each) => textAt(each, 'name'))
    .filter((other) => compareVersions(other, name) < 0)
    .sort(compareVersions);
  const advice = better === undefined ? '' : `; use ${group}/${better} ${kind}`;
  return { deprecation: `${group}/${name} ${kind} is deprecated${advice}` };
}

function texts(members: Members, name: string): string[] {
  return listAt(members, name).filter((each) => typeof each === 'string');
}

function rulesOf(definition: ApiObject, version: Members, storageVersion: string): CustomRules {
  const schema = recordAt(recordAt(version, 'schema'), 'openAPIV3Schema');
  const subresources = recordAt(version, 'subresources');
  return {
    definition: definition.metadata.name ?? '',
    storageVersion,
    schema,
    structure: structureFromSchema(schema),
    statusSubresource: isRecord(subresources.status),
    scale: isRecord(subresources.scale) ? subresources.scale : undefined,
    printerColumns: listAt(version, 'additionalPrinterColumns').filter(isRecord),
    ...schemaRules(schema, isRecord(subresources.scale) ? textAt(subresources.scale, 'specReplicasPath') : undefined),
  };
}

function subresourcesOf(kind: string, custom: CustomRules): Subresource[] {
  const verbs = ['get', 'patch', 'update'] as const;
  return [
    ...(custom.scale ? [{ name: 'scale', kind: 'Scale', group: 'autoscaling', version: 'v1', verbs }] : []),
    ...(custom.statusSubresource ? [{ name: 'status', kind, verbs }] : []),
  ];
}

function strategyFor(version: Members, custom: CustomRules): Strategy {
  const paths = listAt(version, 'selectableFields').map((each) => textAt(each, 'jsonPath'));
  return strategyOf({
    generation: 'all',
    unconditionalUpdate: false,
    statusMembers: custom.statusSubresource ? ['status'] : [],
    fields: Object.fromEntries(paths.map((path) => [path.replace(/^\./, ''), fieldReader(path)])),
  });
}

/** Reads `.spec.color`; numbers and booleans as text, nothing as empty text. */
function fieldReader(path: string): (object: ApiObject) => string {
  const members = path.split('.').filter((member) => member !== '');
  return (object) => {
    let value: unknown = object;
    for (const member of members) value = isRecord(value) ? ownMember(value, member) : undefined;
    return value === undefined || value === null ? '' : String(value);
  };
}

/** What is stored may be older than its schema: it gets its defaults when it is read. */
function viewOf(
  definition: ApiObject,
  version: string,
  storage: string,
  custom: CustomRules,
): { readonly view?: Resource['view'] } {
  const defaults = hasDefaults(custom.schema) ? custom.applyDefaults : undefined;
  if (version === storage) return defaults ? { view: { fromStored: defaults, toStored: (object) => object } } : {};
  const view = viewOfVersion(definition, version, storage);
  if (!defaults) return { view };
  return { view: { ...view, fromStored: (object) => defaults(view.fromStored(object)) } };
}

function hasDefaults(schema: unknown): boolean {
  if (Array.isArray(schema)) return schema.some(hasDefaults);
  if (!isRecord(schema)) return false;
  return schema.default !== undefined || Object.values(schema).some(hasDefaults);
}

/** Conversion `None`: only the version's name differs, and the stored version knows its own members only. */
function viewOfVersion(definition: ApiObject, version: string, storage: string): NonNullable<Resource['view']> {
  const group = textAt(definition.spec, 'group');
  const stored = listAt(definition.spec, 'versions').find((each) => textAt(each, 'name') === storage);
  const { prune } = schemaRules(recordAt(recordAt(stored, 'schema'), 'openAPIV3Schema'), undefined);
  return {
    fromStored: (object) => ({ ...object, apiVersion: `${group}/${version}` }),
    toStored: (object) => prune({ ...object, apiVersion: `${group}/${storage}` }).object,
  };
}
