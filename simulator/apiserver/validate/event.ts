/**
 * Events. The object is in core/v1's form; one that came by events.k8s.io/v1 is held to that API's stricter rules.
 * Source: semantics 1.18.
 */
import type { Event } from '../../../kubernetes/objects.ts';
import type { FieldError } from '../errors.ts';
import { dnsSubdomain, qualifiedName } from '../schema/names.ts';
import { semanticallyEqual } from './equal.ts';
import { immutableMessage, invalid, invalids, required } from './field.ts';
import { validateMetadata, validateMetadataUpdate } from './metadata.ts';

const textMax = 128;
const messageMax = 1024;

/**
 * An events.k8s.io/v1 event under the names of core/v1: one storage, two views. One that has those names already stays.
 */
export function coreView(event: Record<string, unknown>): Event {
  if ('involvedObject' in event) return event as Event;
  const { regarding, note, reportingController, deprecatedSource, ...rest } = event;
  const { deprecatedFirstTimestamp, deprecatedLastTimestamp, deprecatedCount, ...kept } = rest;
  return {
    ...kept,
    involvedObject: regarding ?? {},
    message: note,
    reportingComponent: reportingController,
    source: deprecatedSource,
    firstTimestamp: deprecatedFirstTimestamp,
    lastTimestamp: deprecatedLastTimestamp,
    count: deprecatedCount,
  } as Event;
}

/** `strict`: the request came by events.k8s.io/v1. */
export function validateEvent(event: Event, strict: boolean): FieldError[] {
  const errors = validateBasics(event, strict ? 'reportingController' : 'reportingComponent');
  if (strict) return [...errors, ...validateStrictly(event)];
  const unnamed = event.metadata?.name ? [] : [required('metadata.name', 'name or generateName is required')];
  return [...unnamed, ...errors];
}

function validateBasics(event: Event, controllerField: string): FieldError[] {
  const namespace = event.metadata?.namespace ?? '';
  const about = event.involvedObject?.namespace ?? '';
  const errors = event.eventTime
    ? [...validateNamespaceOfNew(namespace, about), ...validateTexts(event, controllerField)]
    : validateNamespaceOfOld(namespace, about);
  return [...errors, ...invalids('namespace', namespace, dnsSubdomain(namespace))];
}

function mismatch(about: string): FieldError {
  return invalid('involvedObject.namespace', about, 'does not match event.namespace');
}

function validateNamespaceOfOld(namespace: string, about: string): FieldError[] {
  const fits = about === '' ? namespace === '' || namespace === 'default' : about === namespace;
  return fits ? [] : [mismatch(about)];
}

function validateNamespaceOfNew(namespace: string, about: string): FieldError[] {
  return about !== '' || namespace === 'default' || namespace === 'kube-system' ? [] : [mismatch(about)];
}

function validateTexts(event: Event, controllerField: string): FieldError[] {
  const { reportingComponent = '', reportingInstance = '', action = '', reason = '', message = '' } = event;
  return [
    ...(reportingComponent === '' ? [required(controllerField)] : []),
    ...invalids(controllerField, reportingComponent, qualifiedName(reportingComponent)),
    ...validateText('reportingInstance', reportingInstance),
    ...validateText('action', action),
    ...validateText('reason', reason),
    ...(message.length > messageMax ? [invalid('message', '', `can have at most ${messageMax} characters`)] : []),
  ];
}

function validateText(field: string, text: string): FieldError[] {
  if (text === '') return [required(field)];
  return text.length > textMax ? [invalid(field, '', `can have at most ${textMax} characters`)] : [];
}

function validateStrictly(event: Event): FieldError[] {
  const errors = [
    ...validateMetadata(event, { namespaced: true, name: dnsSubdomain }),
    ...validateSeries(event),
    ...(event.eventTime ? [] : [required('eventTime')]),
  ];
  if (event.type !== 'Normal' && event.type !== 'Warning') {
    errors.push(invalid('type', '', `has invalid value: ${event.type ?? ''}`));
  }
  const unset = ['firstTimestamp', 'lastTimestamp', 'count'] as const;
  for (const field of unset) if (event[field]) errors.push(invalid(field, '', 'needs to be unset'));
  if (event.source?.component || event.source?.host) errors.push(invalid('source', '', 'needs to be unset'));
  return errors;
}

function validateSeries(event: Event): FieldError[] {
  if (!event.series) return [];
  return [
    ...((event.series.count ?? 0) < 2 ? [invalid('series.count', '', 'should be at least 2')] : []),
    ...(event.series.lastObservedTime ? [] : [required('series.lastObservedTime')]),
  ];
}

const immutableMembers = [
  'involvedObject',
  'reason',
  'message',
  'source',
  'firstTimestamp',
  'lastTimestamp',
  'count',
  'type',
  'eventTime',
  'action',
  'related',
  'reportingInstance',
] as const;

/** Through core/v1 an event may be changed at will; through events.k8s.io/v1 only its series. */
export function validateEventUpdate(event: Event, old: Event, strict: boolean): FieldError[] {
  const errors = validateBasics(event, strict ? 'reportingController' : 'reportingComponent');
  if (!strict) return errors;
  errors.push(...validateMetadataUpdate(event, old, false));
  if (!semanticallyEqual(event.series, old.series)) errors.push(...validateSeries(event));
  for (const member of immutableMembers) {
    if (!semanticallyEqual(event[member], old[member])) errors.push(invalid(member, event[member], immutableMessage));
  }
  return errors;
}
