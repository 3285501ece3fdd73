/**
 * HorizontalPodAutoscalers, in both their versions: stored as version 2; version 1 knows one metric, and shows the rest
 * in annotations. Source: upstream pkg/apis/autoscaling/v1/conversion.go.
 */
import type { ResourceType } from '../../../../kubernetes/resources.ts';
import { type ApiObject, isRecord, listAt, recordAt } from '../../json.ts';
import { defineResource, type Resource, statusOf } from '../resource.ts';

type Members = Record<string, unknown>;

const type = (version: string): ResourceType => ({
  group: 'autoscaling',
  version,
  plural: 'horizontalpodautoscalers',
  kind: 'HorizontalPodAutoscaler',
  namespaced: true,
});

const rules = {
  statusMembers: ['status'],
  prepareCreate(object: ApiObject): void {
    object.status = { currentMetrics: null, desiredReplicas: 0 };
  },
};
const names = { shortNames: ['hpa'], categories: ['all'] };

export const autoscalerResources: readonly Resource[] = [
  defineResource(type('v2'), rules, { ...names, subresources: [statusOf(type('v2'))] }),
  defineResource(type('v1'), rules, {
    ...names,
    subresources: [statusOf(type('v1'))],
    view: { fromStored: asVersion1, toStored: asVersion2 },
  }),
];

const prefix = 'autoscaling.alpha.kubernetes.io/';

function isUtilization(metric: unknown): boolean {
  const resource = recordAt(metric, 'resource');
  return resource.name === 'cpu' && recordAt(resource, 'target').type === 'Utilization';
}

function utilizationOf(metric: unknown): unknown {
  return recordAt(recordAt(metric, 'resource'), 'target').averageUtilization;
}

/** Without members that are undefined. */
function given(members: Members): Members {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}

function noted(object: ApiObject, name: string, value: unknown): void {
  const { annotations } = object.metadata;
  if (value === undefined) return;
  object.metadata.annotations = { ...annotations, [`${prefix}${name}`]: JSON.stringify(value) };
}

function asVersion1(stored: ApiObject): ApiObject {
  const { metrics: _metrics, behavior, ...spec } = recordAt(stored, 'spec');
  const { currentMetrics: _current, conditions, ...status } = recordAt(stored, 'status');
  const metrics = listAt(stored.spec, 'metrics');
  const main = metrics.find(isUtilization);
  const rest = metrics.filter((metric) => metric !== main);
  const object: ApiObject = {
    ...stored,
    apiVersion: 'autoscaling/v1',
    metadata: { ...stored.metadata },
    spec: { ...spec, ...given({ targetCPUUtilizationPercentage: main && utilizationOf(main) }) },
    status: { currentReplicas: 0, ...status },
  };
  noted(object, 'metrics', rest.length > 0 ? rest : undefined);
  noted(object, 'behavior', behavior);
  noted(object, 'conditions', conditions);
  return object;
}

function asVersion2(shown: ApiObject): ApiObject {
  const object: ApiObject = { ...shown, apiVersion: 'autoscaling/v2', metadata: { ...shown.metadata } };
  const { targetCPUUtilizationPercentage: utilization, ...spec } = recordAt(shown, 'spec');
  const taken = (name: string): unknown => take(object, name);
  const target = { type: 'Utilization', averageUtilization: utilization };
  const main = utilization === undefined ? [] : [{ type: 'Resource', resource: { name: 'cpu', target } }];
  const more = taken('metrics');
  const metrics = [...(Array.isArray(more) ? more : []), ...main];
  const { currentCPUUtilizationPercentage: _cpu, ...status } = recordAt(shown, 'status');
  object.spec = given({
    ...spec,
    metrics: metrics.length > 0 ? metrics : undefined,
    behavior: taken('behavior'),
  });
  object.status = given({ currentMetrics: null, desiredReplicas: 0, ...status, conditions: taken('conditions') });
  return object;
}

/** What the annotation holds, which goes; undefined if there is none, or no JSON in it. */
function take(object: ApiObject, name: string): unknown {
  const { [`${prefix}${name}`]: text, ...annotations } = object.metadata.annotations ?? {};
  if (text === undefined) return undefined;
  if (Object.keys(annotations).length > 0) object.metadata.annotations = annotations;
  else delete object.metadata.annotations;
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) || Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
