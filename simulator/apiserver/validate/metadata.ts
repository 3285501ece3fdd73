/**
 * Object metadata at create and update. Source: semantics 1.3, 1.13; checked against Kubernetes 1.36.
 */
import { quote } from '../../../cron/go-text.ts';
import type { KubernetesObject, ObjectMeta, OwnerReference } from '../../../kubernetes/objects.ts';
import type { FieldError } from '../errors.ts';
import { dnsLabel, qualifiedName } from '../schema/names.ts';
import type { Labels } from '../selectors/label-requirements.ts';
import { semanticallyEqual } from './equal.ts';
import { forbidden, immutableMessage, invalid, invalids, nonNegative, required, tooLong } from './field.ts';
import { validateLabels } from './labels.ts';

/** 256 KiB over all keys and values of the annotations. */
const annotationBytesMax = 256 * 1024;

/** Reasons against a name. */
export type NameRule = (name: string) => string[];

export interface MetadataRule {
  /** Undefined when the scope is unknown: then the namespace is not looked at. */
  readonly namespaced: boolean | undefined;
  readonly name: NameRule;
  /** Finalizers must be qualified by a domain, except Kubernetes' own: most built-in kinds. */
  readonly qualifiedFinalizers?: boolean;
}

/** Expects that a name has been generated already where `generateName` asked for one. */
export function validateMetadata(object: KubernetesObject, rule: MetadataRule): FieldError[] {
  const metadata = object.metadata ?? {};
  return [
    ...validateName(metadata, rule.name),
    ...validateNamespace(metadata, rule.namespaced),
    ...nonNegative('metadata.generation', metadata.generation),
    ...validateLabels(metadata.labels, 'metadata.labels'),
    ...validateAnnotations(metadata.annotations, 'metadata.annotations'),
    ...validateOwnerReferences(metadata.ownerReferences ?? [], 'metadata.ownerReferences'),
    ...validateFinalizers(metadata.finalizers ?? [], 'metadata.finalizers'),
    ...(rule.qualifiedFinalizers ? validateQualifiedFinalizers(metadata.finalizers ?? []) : []),
  ];
}

function validateName(metadata: ObjectMeta, rule: NameRule): FieldError[] {
  const prefix = metadata.generateName ?? '';
  const name = metadata.name ?? '';
  return [
    ...(prefix === '' ? [] : invalids('metadata.generateName', prefix, rule(withoutTrailingDash(prefix)))),
    ...(name === ''
      ? [required('metadata.name', 'name or generateName is required')]
      : invalids('metadata.name', name, rule(name))),
  ];
}

/** A prefix may end in a dash, since a suffix follows. Upstream replaces the last *two* characters. */
function withoutTrailingDash(prefix: string): string {
  return prefix.length > 1 && prefix.endsWith('-') ? `${prefix.slice(0, -2)}a` : prefix;
}

function validateNamespace(metadata: ObjectMeta, namespaced: boolean | undefined): FieldError[] {
  const namespace = metadata.namespace ?? '';
  if (namespaced === undefined) return [];
  if (!namespaced) return namespace === '' ? [] : [forbidden('metadata.namespace', 'not allowed on this type')];
  return namespace === ''
    ? [required('metadata.namespace')]
    : invalids('metadata.namespace', namespace, dnsLabel(namespace));
}

export function validateAnnotations(annotations: Labels | undefined, path: string): FieldError[] {
  const entries = Object.entries(annotations ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
  const bytes = entries.reduce((sum, [key, value]) => sum + Buffer.byteLength(key) + Buffer.byteLength(value), 0);
  return [
    ...entries.flatMap(([key]) => invalids(path, key, qualifiedName(key.toLowerCase()))),
    ...(bytes > annotationBytesMax ? [tooLong(path, annotationBytesMax)] : []),
  ];
}

function validateOwnerReferences(references: readonly OwnerReference[], path: string): FieldError[] {
  const errors = references.flatMap((reference) => validateOwnerReference(reference, path));
  const controllers = references.filter((reference) => reference.controller);
  const [first, ...others] = controllers.map((reference) => `${reference.kind}/${reference.name}`);
  for (const other of others) {
    const detail = `Only one reference can have Controller set to true. Found "true" in references for ${first} and ${other}`;
    errors.push(invalid(path, references, detail));
  }
  return errors;
}

function validateOwnerReference(reference: OwnerReference, path: string): FieldError[] {
  const { apiVersion = '', kind = '', name = '', uid = '' } = reference;
  const errors: FieldError[] = [];
  if (apiVersion === '' || apiVersion.endsWith('/') || apiVersion.split('/').length > 2)
    errors.push(invalid(`${path}.apiVersion`, apiVersion, 'version must not be empty'));
  if (kind === '') errors.push(invalid(`${path}.kind`, kind, 'must not be empty'));
  if (name === '') errors.push(invalid(`${path}.name`, name, 'must not be empty'));
  if (uid === '') errors.push(invalid(`${path}.uid`, uid, 'must not be empty'));
  if (apiVersion === 'v1' && kind === 'Event') {
    errors.push(invalid(path, reference, '/v1, Kind=Event is disallowed from being an owner'));
  }
  return errors;
}

/** Kubernetes' own finalizers need no domain. */
const ownFinalizers = new Set(['kubernetes', 'orphan', 'foregroundDeletion']);

export function validateFinalizerName(name: string, path: string): FieldError[] {
  return invalids(path, name, qualifiedName(name));
}

function validateFinalizers(finalizers: readonly string[], path: string): FieldError[] {
  const both = finalizers.includes('orphan') && finalizers.includes('foregroundDeletion');
  return [
    ...finalizers.flatMap((name) => validateFinalizerName(name, path)),
    ...(both ? [invalid(path, finalizers, 'finalizer orphan and foregroundDeletion cannot be both set')] : []),
  ];
}

/** One finalizer's own name without a domain is only for Kubernetes itself. */
export function validateFinalizerQualified(name: string, path: string): FieldError[] {
  if (name.includes('/') || ownFinalizers.has(name)) return [];
  return [invalid(path, name, 'name is neither a standard finalizer name nor is it fully qualified')];
}

function validateQualifiedFinalizers(finalizers: readonly string[]): FieldError[] {
  return finalizers.flatMap((name, index) => validateFinalizerQualified(name, `metadata.finalizers[${index}]`));
}

/** Changes that metadata refuses; the new object's own validity apart from its name. */
export function validateMetadataUpdate(
  object: KubernetesObject,
  old: KubernetesObject,
  qualifiedFinalizers = true,
): FieldError[] {
  const metadata = object.metadata ?? {};
  const before = old.metadata ?? {};
  const errors = before.deletionTimestamp ? validateNoNewFinalizers(metadata, before) : [];
  if (!metadata.resourceVersion) {
    errors.push(invalid('metadata.resourceVersion', metadata.resourceVersion ?? '', 'must be specified for an update'));
  }
  if ((metadata.generation ?? 0) < (before.generation ?? 0)) {
    errors.push(invalid('metadata.generation', metadata.generation ?? 0, 'must not be decremented'));
  }
  for (const member of immutableMembers) {
    if (!semanticallyEqual(metadata[member], before[member])) {
      errors.push(invalid(`metadata.${member}`, metadata[member] ?? emptyOf(member), immutableMessage));
    }
  }
  return [
    ...errors,
    ...validateChanged(metadata, before),
    ...(qualifiedFinalizers ? validateQualifiedFinalizers(metadata.finalizers ?? []) : []),
  ];
}

/** What upstream looks at once more than all else: labels, annotations and owners that change. */
export function validateMetadataAgain(object: KubernetesObject, old: KubernetesObject): FieldError[] {
  return validateChanged(object.metadata ?? {}, old.metadata ?? {});
}

/** What the two versions share was judged when it was stored. */
function validateChanged(metadata: ObjectMeta, before: ObjectMeta): FieldError[] {
  const { labels, annotations, ownerReferences } = metadata;
  const errors: FieldError[] = [];
  if (labels !== before.labels) errors.push(...validateLabels(labels, 'metadata.labels'));
  if (annotations !== before.annotations) errors.push(...validateAnnotations(annotations, 'metadata.annotations'));
  if (ownerReferences !== before.ownerReferences) {
    errors.push(...validateOwnerReferences(ownerReferences ?? [], 'metadata.ownerReferences'));
  }
  return errors;
}

/** Not creationTimestamp: the server puts the stored one back before it looks. */
const immutableMembers = ['name', 'namespace', 'uid', 'deletionTimestamp', 'deletionGracePeriodSeconds'] as const;

function emptyOf(member: (typeof immutableMembers)[number]): string | null {
  return member === 'name' || member === 'namespace' || member === 'uid' ? '' : null;
}

function validateNoNewFinalizers(metadata: ObjectMeta, before: ObjectMeta): FieldError[] {
  const known = new Set(before.finalizers ?? []);
  const added = [...new Set(metadata.finalizers ?? [])].filter((name) => !known.has(name)).sort();
  if (added.length === 0) return [];
  const names = added.map((name) => quote(name)).join(', ');
  const detail = `no new finalizers can be added if the object is being deleted, found new finalizers []string{${names}}`;
  return [forbidden('metadata.finalizers', detail)];
}
