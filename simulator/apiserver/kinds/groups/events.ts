/** Events: one storage, two views. Stored as core/v1. Source: semantics 1.18; upstream pkg/apis/events conversion. */
import { events as coreEvents, type ResourceType } from '../../../../kubernetes/resources.ts';
import { type ApiObject, recordAt, textAt } from '../../json.ts';
import { defineResource, type Strategy } from '../resource.ts';

export const newEvents: ResourceType = {
  group: 'events.k8s.io',
  version: 'v1',
  plural: 'events',
  kind: 'Event',
  namespaced: true,
};

/** Core member, member of events.k8s.io. */
const renamed = [
  ['involvedObject', 'regarding'],
  ['message', 'note'],
  ['reportingComponent', 'reportingController'],
  ['reportingInstance', 'reportingInstance'],
  ['source', 'deprecatedSource'],
  ['firstTimestamp', 'deprecatedFirstTimestamp'],
  ['lastTimestamp', 'deprecatedLastTimestamp'],
  ['count', 'deprecatedCount'],
] as const;

function rename(object: ApiObject, apiVersion: string, from: 0 | 1, to: 0 | 1): ApiObject {
  const result: ApiObject = { ...object, apiVersion };
  for (const pair of renamed) delete result[pair[from]];
  for (const pair of renamed) if (object[pair[from]] !== undefined) result[pair[to]] = object[pair[from]];
  return result;
}

const involved = (member: string) => (object: ApiObject) => textAt(object.involvedObject ?? object.regarding, member);

const fields: Strategy['fields'] = {
  ...Object.fromEntries(
    ['kind', 'namespace', 'name', 'uid', 'apiVersion', 'resourceVersion', 'fieldPath'].flatMap((member) => [
      [`involvedObject.${member}`, involved(member)],
      [`regarding.${member}`, involved(member)],
    ]),
  ),
  reason: (object) => textAt(object, 'reason'),
  type: (object) => textAt(object, 'type'),
  reportingComponent: (object) => textAt(object, 'reportingComponent') || textAt(object, 'reportingController'),
  source: (object) =>
    textAt(recordAt(object, 'source'), 'component') ||
    textAt(recordAt(object, 'deprecatedSource'), 'component') ||
    textAt(object, 'reportingComponent') ||
    textAt(object, 'reportingController'),
};

/** Members that are always there on the wire, set or not. */
function withEmptyMembers(event: ApiObject): void {
  for (const member of ['eventTime', 'firstTimestamp', 'lastTimestamp']) event[member] ??= null;
  for (const member of ['reportingComponent', 'reportingInstance']) event[member] ??= '';
  event.source ??= {};
}

const rules = { createOnUpdate: true, fields, prepareCreate: withEmptyMembers, prepareUpdate: withEmptyMembers };

export const coreEventResource = defineResource(coreEvents, rules, { shortNames: ['ev'] });

export const newEventResource = defineResource(newEvents, rules, {
  shortNames: ['ev'],
  table: coreEventResource.table,
  view: {
    fromStored: (object) => rename(object, 'events.k8s.io/v1', 0, 1),
    toStored: (object) => rename(object, 'v1', 1, 0),
  },
});
