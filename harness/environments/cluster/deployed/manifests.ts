/**
 * The manifests of deploy/base for one namespace: the files that a user applies, read as `kubectl apply -k` reads them
 * and changed only in what a run of scenarios needs. The namespace and the definitions of Task and TaskPool are left
 * out: whoever prepares the cluster brings them.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, parseAllDocuments } from 'yaml';
import type { Deployment, KubernetesObject, Namespace } from '../../../../kubernetes/objects.ts';
import { packageFolder } from '../../../package.ts';
import type { FabricService, FabricSettings } from '../../environment.ts';
import type { FabricIdentity } from '../../identity.ts';
import { secretsOf } from '../../identity-secrets.ts';

export type Manifest = KubernetesObject & { readonly kind: string };

/** What deploy/base is made of. */
export interface BaseManifests {
  /** Labels of its Namespace, which decide how strict the cluster is with pods there. */
  readonly namespaceLabels: Readonly<Record<string, string>>;
  /** All else but the definitions, in the order of the files. */
  readonly objects: readonly Manifest[];
}

export interface Rendering {
  readonly namespace: string;
  /** Put on each object and each pod. */
  readonly labels: Readonly<Record<string, string>>;
  readonly settings: FabricSettings;
  readonly identity: FabricIdentity;
  /** The API server's name, as the harness calls it: it passes requests to services on under that name. */
  readonly apiHost: string;
  /** How the cluster calls `orrery/operator` and the others. */
  imageOf(image: string): string;
}

interface Kustomization {
  readonly resources: readonly string[];
  readonly labels: readonly { readonly pairs: Readonly<Record<string, string>> }[];
}

interface RoleBinding extends Manifest {
  readonly subjects: readonly { readonly kind: string; readonly name: string }[];
}

const SERVICES: readonly FabricService[] = ['content', 'gateway', 'operator'];
/**
 * Thirteen Fabrics share one small node: what is set aside for each service there, while its limits stay as they are.
 */
const REQUESTS = { cpu: '5m', memory: '32Mi' };

/** Names under which gateway and content are asked. */
const HOSTS = 'FABRIC_ALLOW_HOST';

/** Reads the files that the kustomization names. */
export function readBase(folder = join(packageFolder, 'deploy/base')): BaseManifests {
  const read = (file: string) => readFileSync(join(folder, file), 'utf8');
  const { resources, labels } = parse(read('kustomization.yaml')) as Kustomization;
  const all = resources.flatMap((file) =>
    parseAllDocuments(read(file)).map((document) => document.toJSON() as Manifest),
  );
  const common = Object.assign({}, ...labels.map(({ pairs }) => pairs)) as Record<string, string>;
  const namespace = all.find(({ kind }) => kind === 'Namespace') as Namespace | undefined;
  return {
    namespaceLabels: { ...namespace?.metadata?.labels, ...common },
    objects: all
      .filter(({ kind }) => kind !== 'Namespace' && kind !== 'CustomResourceDefinition')
      .map((object) => labelled(object, common)),
  };
}

/**
 * The objects as they are created in that namespace; services that the settings leave out are left out with all that is
 * theirs.
 */
export function render({ objects }: BaseManifests, rendering: Rendering): Manifest[] {
  const absent = SERVICES.filter((service) => service !== 'operator' && rendering.settings[service] === false);
  const wanted = objects.filter((object) => !absent.some((service) => isOf(object, service)));
  return [...secretsOf(rendering.identity), ...wanted, harnessComesIn()].map((object) => {
    const placed = within(labelled(object, rendering.labels), rendering.namespace);
    return isDeployment(placed) ? deployment(placed, rendering, absent) : placed;
  });
}

export function isDeployment(object: Manifest): object is Manifest & Deployment {
  return object.kind === 'Deployment';
}

/** Account, rights and policy of a service are called after it; all else that is its own says so in a label. */
function isOf({ metadata }: Manifest, service: FabricService): boolean {
  const isLabelled = metadata?.labels?.['app.kubernetes.io/name'] === service;
  return isLabelled || [`fabric-${service}`, `to-${service}`].includes(metadata?.name ?? '');
}

function labelled(object: Manifest, labels: Readonly<Record<string, string>>): Manifest {
  return { ...object, metadata: { ...object.metadata, labels: { ...object.metadata?.labels, ...labels } } };
}

/** As kustomize does: the object, and the accounts that a binding names. */
function within(object: Manifest, namespace: string): Manifest {
  const placed = { ...object, metadata: { ...object.metadata, namespace } };
  if (object.kind !== 'RoleBinding') return placed;
  const subjects = (object as RoleBinding).subjects.map((subject) => ({ ...subject, namespace }));
  return { ...placed, subjects } as Manifest;
}

function deployment(
  object: Manifest & Deployment,
  { labels, settings, apiHost, imageOf }: Rendering,
  absent: readonly FabricService[],
): Manifest {
  const { spec } = object;
  if (!spec) throw new TypeError(`the Deployment ${object.metadata?.name} has no spec`);
  const { template } = spec;
  const containers = (template.spec?.containers ?? []).map((container) => ({
    ...container,
    image: imageOf((container.image ?? '').replace(/:[^:/]*$/, '')),
    resources: { ...container.resources, requests: REQUESTS },
    env: [
      ...(container.env ?? [])
        .filter(({ name }) => !absent.some((service) => name === urlOf(service)))
        .map((variable) =>
          variable.name === HOSTS ? { name: HOSTS, value: `${variable.value},${apiHost}` } : variable,
        ),
      ...(container.name === 'operator' ? operatorSettings(settings) : []),
      ...(container.name === 'content' ? contentSettings(settings) : []),
      ...(container.name === 'gateway' ? [{ name: 'FABRIC_CREATE_PROJECTS', value: 'true' }] : []),
    ],
  }));
  return {
    ...object,
    spec: {
      ...spec,
      template: {
        ...template,
        metadata: { ...template.metadata, labels: { ...template.metadata?.labels, ...labels } },
        spec: { ...template.spec, containers },
      },
    },
  } as Manifest;
}

function urlOf(service: FabricService): string {
  return `FABRIC_${service.toUpperCase()}_URL`;
}

function operatorSettings({ reportsPerSecond, logTtlSeconds }: FabricSettings): { name: string; value: string }[] {
  const variables = { FABRIC_REPORTS_PER_SECOND: reportsPerSecond, FABRIC_LOG_TTL: logTtlSeconds };
  return Object.entries(variables).flatMap(([name, value]) =>
    value === undefined ? [] : [{ name, value: String(value) }],
  );
}

/** What runs leave expires as their logs do. */
function contentSettings({ logTtlSeconds }: FabricSettings): { name: string; value: string }[] {
  return logTtlSeconds === undefined ? [] : [{ name: 'FABRIC_CONTENT_TTL', value: `tasks/=${logTtlSeconds}` }];
}

/**
 * The harness asks gateway and content by the API server, which deploy/base lets in on no cluster that heeds policies.
 */
function harnessComesIn(): Manifest {
  const names = { key: 'app.kubernetes.io/name', operator: 'In', values: ['gateway', 'content'] };
  const fabric = { key: 'app.kubernetes.io/part-of', operator: 'In', values: ['fabric'] };
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: 'harness-comes-in' },
    spec: {
      podSelector: { matchExpressions: [names, fabric] },
      policyTypes: ['Ingress'],
      ingress: [{ ports: [{ port: 'http' }] }],
    },
  } as Manifest;
}
