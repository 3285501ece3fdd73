/**
 * CustomResourceDefinitions: names, versions, printer columns, subresources; the schemas by their own rules. Models
 * ValidateCustomResourceDefinition; semantics 1.16. The server keeps what all versions share at the top of its own
 * structure, and so do its error paths: with a single version they begin with `spec.validation`, `spec.subresources`,
 * `spec.additionalPrinterColumns`.
 */

import type {
  V1CustomResourceColumnDefinition,
  V1CustomResourceDefinitionNames,
  V1CustomResourceDefinitionVersion,
  V1CustomResourceSubresources,
} from '@kubernetes/client-node';
import type { CustomResourceDefinition, Wire } from '../../../kubernetes/objects.ts';
import { ownMember } from '../../../world/members.ts';
import type { FieldError } from '../errors.ts';
import { dns1035Label, dnsSubdomain } from '../schema/names.ts';
import { checkRules, checkStructuralSchema } from '../schema/structural.ts';
import { semanticallyEqual } from './equal.ts';
import { forbidden, goStructure, immutableMessage, invalid, notSupported, required } from './field.ts';
import { validateMetadata, validateMetadataUpdate } from './metadata.ts';

type Spec = Partial<CustomResourceDefinition['spec']>;
type Version = Wire<V1CustomResourceDefinitionVersion>;

export function validateCustomResourceDefinition(crd: CustomResourceDefinition): FieldError[] {
  const spec: Spec = crd.spec ?? {};
  const expected = `${spec.names?.plural ?? ''}.${spec.group ?? ''}`;
  const name = (text: string) => [
    ...dnsSubdomain(text),
    ...(text === expected ? [] : ['must be spec.names.plural+"."+spec.group']),
  ];
  return [
    ...validateMetadata(crd, { namespaced: false, name }),
    ...validateSpec(spec),
    ...validateStoredVersions(crd),
    ...validateNewStorage(crd),
    ...validateApproval(crd),
    ...validatePreserve(spec),
  ];
}

/** `subresource` status: only metadata and the accepted names are looked at. */
export function validateCustomResourceDefinitionUpdate(
  crd: CustomResourceDefinition,
  old: CustomResourceDefinition,
  subresource?: string,
): FieldError[] {
  const metadata = validateMetadataUpdate(crd, old, false);
  if (subresource === 'status') return metadata;
  const spec: Spec = crd.spec ?? {};
  const before: Spec = old.spec ?? {};
  return [
    ...metadata,
    ...validateSpec(spec),
    ...validateKept(spec, before, isEstablished(old)),
    ...validateStoredVersions(crd),
    ...validatePreserve(spec),
  ];
}

function isEstablished(crd: CustomResourceDefinition): boolean {
  return (crd.status?.conditions ?? []).some(
    (condition) => condition.type === 'Established' && condition.status === 'True',
  );
}

function validateKept(spec: Spec, before: Spec, established: boolean): FieldError[] {
  const kept: [string, unknown, unknown][] = [['spec.group', spec.group, before.group]];
  if (established) {
    kept.unshift(['spec.scope', spec.scope, before.scope], ['spec.names.kind', spec.names?.kind, before.names?.kind]);
  }
  kept.push(['spec.names.plural', spec.names?.plural, before.names?.plural]);
  return kept
    .filter(([, value, was]) => !semanticallyEqual(value, was))
    .map(([path, value]) => invalid(path, value, immutableMessage));
}

function validateSpec(spec: Spec): FieldError[] {
  const versions = spec.versions ?? [];
  return [
    ...validateGroup(spec.group ?? ''),
    ...validateScope(spec.scope ?? ''),
    ...versions.flatMap((version, index) =>
      version.schema?.openAPIV3Schema ? [] : [required(`spec.versions[${index}].schema.openAPIV3Schema`)],
    ),
    ...versions.flatMap((version, index) => validateVersion(version, versions, index)),
    ...validateVersionList(versions),
    ...validateRequiredNames(spec.names),
    ...validateNames(spec.names),
    ...validateShared(versions),
    ...validateConversion(spec),
  ];
}

function validateGroup(group: string): FieldError[] {
  if (group === '') return [required('spec.group')];
  const reasons = dnsSubdomain(group);
  if (reasons.length > 0) return [invalid('spec.group', group, reasons.join(','))];
  return group.includes('.') ? [] : [invalid('spec.group', group, 'should be a domain with at least one dot')];
}

function validateScope(scope: string): FieldError[] {
  const scopes = ['Cluster', 'Namespaced'];
  if (scope === '') return [required('spec.scope')];
  return scopes.includes(scope) ? [] : [notSupported('spec.scope', scope, scopes)];
}

type Shareable = 'schema' | 'subresources' | 'additionalPrinterColumns' | 'selectableFields';

/** Where the server keeps it: at the top when all versions have the same. */
function isShared(versions: readonly Version[], member: Shareable): boolean {
  const [first, ...others] = versions;
  return first !== undefined && others.every((version) => semanticallyEqual(version[member], first[member]));
}

function validateVersion(version: Version, versions: readonly Version[], index: number): FieldError[] {
  const path = `spec.versions[${index}]`;
  const reasons = dns1035Label(version.name ?? '');
  return [
    ...(reasons.length > 0 ? [invalid(`${path}.name`, version.name ?? '', reasons.join(','))] : []),
    ...validateDeprecation(version, `${path}.deprecationWarning`),
    ...(isShared(versions, 'schema') ? [] : validateSchema(version, `${path}.schema.openAPIV3Schema`)),
    ...(isShared(versions, 'subresources') ? [] : validateSubresources(version.subresources, `${path}.subresources`)),
    ...(isShared(versions, 'additionalPrinterColumns')
      ? []
      : validateColumns(version.additionalPrinterColumns, `${path}.additionalPrinterColumns`)),
    ...(isShared(versions, 'selectableFields') ? [] : validateSelectableFields(version, path)),
  ];
}

function validateShared(versions: readonly Version[]): FieldError[] {
  const [first] = versions;
  if (!first) return [];
  return [
    ...(isShared(versions, 'schema') ? validateSchema(first, 'spec.validation.openAPIV3Schema') : []),
    ...(isShared(versions, 'subresources') ? validateSubresources(first.subresources, 'spec.subresources') : []),
    ...(isShared(versions, 'additionalPrinterColumns')
      ? validateColumns(first.additionalPrinterColumns, 'spec.additionalPrinterColumns')
      : []),
    ...(isShared(versions, 'selectableFields') ? validateSelectableFields(first, 'spec') : []),
  ];
}

/** Metadata has no defaults of a definition's making. */
function validateMetadataDefaults(schema: Shape, path: string): FieldError[] {
  const members = schema.properties?.metadata?.properties ?? {};
  return Object.entries(members)
    .filter(([, { default: fallback }]) => fallback !== undefined)
    .map(([name]) =>
      forbidden(`${path}.properties[metadata].properties[${name}].default`, 'must not be set in top-level metadata'),
    );
}

/** The rules of a schema (CEL) are only looked at when its structure is sound. */
function validateSchema(version: Version, path: string): FieldError[] {
  const schema = version.schema?.openAPIV3Schema;
  if (!schema) return [];
  const errors = [...checkStructuralSchema(schema, path), ...validateMetadataDefaults(schema, path)];
  return errors.length > 0 ? errors : checkRules(schema, path);
}

function validateDeprecation(version: Version, path: string): FieldError[] {
  const warning = version.deprecationWarning;
  if (warning === undefined) return [];
  const errors: FieldError[] = [];
  if (!version.deprecated) return [invalid(path, warning, 'can only be set for deprecated versions')];
  if (warning.length > 256) errors.push(invalid(path, warning, 'must be <= 256 characters long'));
  if (warning.length === 0) errors.push(invalid(path, warning, 'must not be an empty string'));
  return errors;
}

function validateVersionList(versions: readonly Version[]): FieldError[] {
  const path = 'spec.versions';
  const names = new Set(versions.map((version) => version.name));
  const stored = versions.filter((version) => version.storage).length;
  const shown = versions.length === 0 ? [] : versions.map((version) => goVersion(version, versions));
  const first = versions[0]?.name ?? '';
  const reasons = first === '' ? [] : dns1035Label(first);
  return [
    ...(names.size === versions.length ? [] : [invalid(path, shown, 'must contain unique version names')]),
    ...(stored === 1 ? [] : [invalid(path, shown, 'must have exactly one version marked as storage version')]),
    // The first version's name is also kept in a member of its own.
    ...(reasons.length > 0 ? [invalid('spec.version', first, reasons.join(','))] : []),
  ];
}

function goVersion(version: Version, versions: readonly Version[]): object {
  const members = ['name', 'served', 'storage', 'deprecated', 'deprecationWarning'];
  const own = (['schema', 'subresources', 'additionalPrinterColumns'] as const).filter(
    (member) => !isShared(versions, member),
  );
  const kept = Object.fromEntries(own.map((member) => [member, version[member]]));
  return {
    ...goStructure({ ...version, deprecated: version.deprecated ?? false }, members),
    ...goStructure(kept, ['schema', 'subresources', 'additionalPrinterColumns', 'selectableFields']),
  };
}

function validateRequiredNames(names: Wire<V1CustomResourceDefinitionNames> | undefined): FieldError[] {
  return (['plural', 'singular', 'kind', 'listKind'] as const)
    .filter((member) => !names?.[member])
    .map((member) => required(`spec.names.${member}`));
}

function validateNames(names: Wire<V1CustomResourceDefinitionNames> | undefined): FieldError[] {
  if (!names) return [];
  const errors: FieldError[] = [];
  for (const member of ['plural', 'singular'] as const)
    errors.push(...validateLowerName(names[member], `spec.names.${member}`));
  for (const member of ['kind', 'listKind'] as const) {
    const reasons = names[member] ? dns1035Label(names[member].toLowerCase()) : [];
    if (reasons.length > 0) {
      const detail = `may have mixed case, but should otherwise match: ${reasons.join(',')}`;
      errors.push(invalid(`spec.names.${member}`, names[member], detail));
    }
  }
  for (const [index, name] of (names.shortNames ?? []).entries()) {
    errors.push(...validateLowerName(name, `spec.names.shortNames[${index}]`));
  }
  if (names.kind && names.kind === names.listKind) {
    errors.push(invalid('spec.names.listKind', names.listKind, 'kind and listKind may not be the same'));
  }
  for (const [index, name] of (names.categories ?? []).entries()) {
    errors.push(...validateLowerName(name, `spec.names.categories[${index}]`));
  }
  return errors;
}

function validateLowerName(name: string | undefined, path: string): FieldError[] {
  const reasons = name ? dns1035Label(name) : [];
  return reasons.length > 0 ? [invalid(path, name, reasons.join(','))] : [];
}

const columnTypes = ['boolean', 'date', 'integer', 'number', 'string'];
const columnFormats = ['byte', 'date', 'date-time', 'double', 'float', 'int32', 'int64', 'password'];

function validateColumns(
  columns: readonly Wire<V1CustomResourceColumnDefinition>[] | undefined,
  path: string,
): FieldError[] {
  return (columns ?? []).flatMap((column, index) => {
    const at = `${path}[${index}]`;
    const { name = '', type = '', format = '', jsonPath = '' } = column;
    const types = `must be one of ${columnTypes.join(',')}`;
    return [
      ...(name === '' ? [required(`${at}.name`)] : []),
      ...(type === '' ? [required(`${at}.type`, types)] : []),
      ...(type !== '' && !columnTypes.includes(type) ? [invalid(`${at}.type`, type, types)] : []),
      ...(format !== '' && !columnFormats.includes(format)
        ? [invalid(`${at}.format`, format, `must be one of ${columnFormats.join(',')}`)]
        : []),
      ...(jsonPath === '' ? [required(`${at}.JSONPath`)] : validateSimplePath(jsonPath, `${at}.JSONPath`)),
    ];
  });
}

function validateSimplePath(text: string, path: string): FieldError[] {
  return text.startsWith('.') ? [] : [invalid(path, text, 'must be a simple json path starting with .')];
}

function validateSubresources(
  subresources: Wire<V1CustomResourceSubresources> | undefined,
  path: string,
): FieldError[] {
  const scale = subresources?.scale;
  if (!scale) return [];
  return [
    ...validateScalePath(
      scale.specReplicasPath,
      ['.spec.'],
      'should be a json path under .spec',
      `${path}.scale.specReplicasPath`,
    ),
    ...validateScalePath(
      scale.statusReplicasPath,
      ['.status.'],
      'should be a json path under .status',
      `${path}.scale.statusReplicasPath`,
    ),
    ...(scale.labelSelectorPath
      ? validateScalePath(
          scale.labelSelectorPath,
          ['.spec.', '.status.'],
          'should be a json path under either .spec or .status',
          `${path}.scale.labelSelectorPath`,
        )
      : []),
  ];
}

function validateScalePath(
  text: string | undefined,
  roots: readonly string[],
  detail: string,
  path: string,
): FieldError[] {
  if (!text) return [required(path)];
  const simple = validateSimplePath(text, path);
  if (simple.length > 0) return simple;
  return roots.some((root) => text.startsWith(root)) ? [] : [invalid(path, text, detail)];
}

function validateConversion(spec: Spec): FieldError[] {
  const strategy = spec.conversion?.strategy ?? '';
  const strategies = ['None', 'Webhook'];
  if (!spec.conversion) return [];
  if (strategy === '') return [required('spec.conversion.strategy')];
  if (!strategies.includes(strategy)) return [notSupported('spec.conversion.strategy', strategy, strategies)];
  const { clientConfig, conversionReviewVersions = [] } = spec.conversion.webhook ?? {};
  if (strategy !== 'Webhook') return [];
  const path = 'spec.conversion';
  return [
    ...(clientConfig ? [] : [required(`${path}.webhookClientConfig`, 'required when strategy is set to Webhook')]),
    ...(conversionReviewVersions.length > 0 ? [] : [required(`${path}.conversionReviewVersions`)]),
  ];
}

/** A field that a selector may name is a text, a number without fraction or a truth. */
function validateSelectableFields(version: Version, path: string): FieldError[] {
  return (version.selectableFields ?? []).flatMap(({ jsonPath }, index) => {
    const at = `${path}.selectableFields[${index}].jsonPath`;
    const found = fieldAt(version.schema?.openAPIV3Schema, jsonPath);
    if (!found) return [invalid(at, jsonPath, 'is an invalid path: does not refer to a valid field')];
    if (['string', 'boolean', 'integer'].includes(String(found.type))) return [];
    const detail =
      'must point to a field of type string, boolean or integer. Enum string fields and strings with formats are allowed.';
    return [invalid(at, jsonPath, detail)];
  });
}

interface Shape {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Shape>>;
  readonly default?: unknown;
}

function fieldAt(schema: unknown, path: string): Shape | undefined {
  const names = path.split('.').slice(1);
  return names.reduce<Shape | undefined>(
    (shape, name) => ownMember(shape?.properties, name),
    schema as Shape | undefined,
  );
}

/**
 * Every version that objects have been stored in must stay in the spec. (That the present one is in the list is the
 * server's own work.)
 */
function validateStoredVersions(crd: CustomResourceDefinition): FieldError[] {
  const path = 'status.storedVersions';
  const stored = crd.status?.storedVersions ?? [];
  const versions = crd.spec?.versions ?? [];
  if (stored.length === 0) return [invalid(path, null, 'must have at least one stored version')];
  const names = new Set(versions.map((version) => version.name));
  return stored.flatMap((name, index) => {
    if (names.has(name)) return [];
    const detail = `missing from spec.versions; ${name} was previously a storage version, and must remain in spec.versions until a storage migration ensures no data remains persisted in ${name} and removes ${name} from status.storedVersions`;
    return [invalid(`${path}[${index}]`, name, detail)];
  });
}

/** In a new definition, of several storage versions the last one counts, and the first one is noted. */
function validateNewStorage(crd: CustomResourceDefinition): FieldError[] {
  const stored = crd.status?.storedVersions ?? [];
  const storage = crd.spec?.versions?.findLast((version) => version.storage)?.name;
  if (storage === undefined || stored.length === 0 || stored.includes(storage)) return [];
  return [invalid('status.storedVersions', stored, `must have the storage version ${storage}`)];
}

/** Groups under k8s.io and kubernetes.io need an approval. */
function validateApproval(crd: CustomResourceDefinition): FieldError[] {
  const group = crd.spec?.group ?? '';
  const guarded = ['k8s.io', 'kubernetes.io'].some((domain) => group === domain || group.endsWith(`.${domain}`));
  const annotation = 'api-approved.kubernetes.io';
  if (!guarded) return [];
  const value = crd.metadata?.annotations?.[annotation] ?? '';
  const path = `metadata.annotations[${annotation}]`;
  if (value === '') {
    return [
      required(
        path,
        'protected groups must have approval annotation "api-approved.kubernetes.io", see https://github.com/kubernetes/enhancements/pull/1111',
      ),
    ];
  }
  if (value.startsWith('unapproved') || /^https?:\/\/[^/]/.test(value)) return [];
  const detail =
    'protected groups must have approval annotation "api-approved.kubernetes.io" with either a URL or a reason starting with "unapproved", see https://github.com/kubernetes/enhancements/pull/1111';
  return [invalid(path, value, detail)];
}

function validatePreserve(spec: Spec): FieldError[] {
  if (!spec.preserveUnknownFields) return [];
  const detail =
    'cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead';
  return [invalid('spec.preserveUnknownFields', true, detail)];
}
