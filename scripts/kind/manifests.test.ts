/**
 * The manifests of deploy/ say what they must: definitions as in the code, images of the list, no rights beyond one
 * namespace, no root.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { definitions } from '../../fabric/task/crd.ts';
import { storeNames } from '../../harness/environments/kind/state.ts';
import { version } from '../../harness/package.ts';
import { definitionsFile } from '../generate-definitions.ts';
import { imageName, images } from '../images/contents.ts';
import { withImages } from './fabric-manifests.ts';

interface Container {
  readonly image: string;
  readonly imagePullPolicy: string;
  readonly livenessProbe?: object;
  readonly readinessProbe?: object;
  readonly resources: { readonly limits: { readonly memory?: string } };
  readonly securityContext: object;
  readonly ports: readonly { readonly containerPort: number }[];
}

interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly rules?: readonly { readonly resources: readonly string[]; readonly verbs: readonly string[] }[];
  readonly spec?: {
    readonly ingress?: readonly { readonly from: readonly object[] }[];
    readonly template?: {
      readonly spec: {
        readonly automountServiceAccountToken?: boolean;
        readonly securityContext: object;
        readonly containers: Container[];
      };
    };
  };
}

const base = new URL('../../deploy/base/', import.meta.url);
const read = (file: string) => readFileSync(new URL(file, base), 'utf8');
const stores = storeNames.flatMap((store) => {
  const text = read(`../stores/${store}/${store}.yaml`);
  return parseAllDocuments(text).map((document) => document.toJSON() as Manifest);
});
const files = readdirSync(base).filter((file) => file.endsWith('.yaml'));
const manifests = files
  .filter((file) => file !== 'kustomization.yaml')
  .flatMap((file) => parseAllDocuments(read(file)).map((document) => document.toJSON() as Manifest));
const deployments = manifests.filter(({ kind }) => kind === 'Deployment');

test('the definitions are those of fabric/task: run `node scripts/generate-definitions.ts` when they are not', () => {
  expect(read('definitions.yaml')).toBe(definitionsFile());
  const held = parseAllDocuments(read('definitions.yaml')).map((document) => document.toJSON() as unknown);
  expect(held).toEqual(JSON.parse(JSON.stringify(definitions)));
});

test('the kustomization names every file', () => {
  const { resources } = parse(read('kustomization.yaml')) as { resources: string[] };
  expect([...resources].sort()).toEqual(files.filter((file) => file !== 'kustomization.yaml').sort());
});

test('each service has its Deployment, with the image of this version that listens on the same port', () => {
  const expected = images.filter(({ entry }) => entry.startsWith('fabric/'));
  expect(deployments.map(({ metadata }) => metadata.name).sort()).toEqual(expected.map(({ name }) => name).sort());
  for (const image of expected) {
    const [container] =
      deployments.find(({ metadata }) => metadata.name === image.name)?.spec?.template?.spec.containers ?? [];
    expect(container?.image).toBe(imageName(image, version));
    expect(container?.ports.map(({ containerPort }) => containerPort)).toEqual([image.port]);
  }
});

const servers = stores.filter(({ kind }) => kind === 'Deployment');

test.each([...deployments, ...servers].map((each) => [each.metadata.name, each] as const))(
  '%s has probes and a limit, and neither root nor a disk to write to nor a capability',
  (_name, { spec }) => {
    const [container] = spec?.template?.spec.containers ?? [];
    expect(container).toMatchObject({
      imagePullPolicy: 'IfNotPresent',
      livenessProbe: {},
      readinessProbe: {},
      resources: { limits: { memory: expect.any(String) } },
      securityContext: {
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      },
    });
    expect(spec?.template?.spec.securityContext).toMatchObject({ runAsNonRoot: true, runAsUser: 65532 });
  },
);

test('each store is reached by the one service that needs it, and has no rights in the cluster', () => {
  const reach = stores
    .filter(({ kind }) => kind === 'NetworkPolicy')
    .map(({ metadata, spec }) => [metadata.name, spec?.ingress?.flatMap(({ from }) => from)]);
  const only = (name: string) => [
    { podSelector: { matchLabels: { 'app.kubernetes.io/name': name, 'app.kubernetes.io/part-of': 'fabric' } } },
  ];
  expect(reach).toEqual([
    ['to-mongodb', only('gateway')],
    ['to-minio', only('content')],
  ]);
  for (const { spec } of servers) expect(spec?.template?.spec.automountServiceAccountToken).toBe(false);
  expect(stores.filter(({ kind }) => kind.startsWith('Role') || kind.startsWith('ClusterRole'))).toEqual([]);
});

test('nobody has rights in the whole cluster, to secrets, or to whatever there is', () => {
  expect(manifests.filter(({ kind }) => kind.startsWith('ClusterRole'))).toEqual([]);
  const rules = manifests.flatMap(({ rules: own = [] }) => own);
  expect(rules.length).toBeGreaterThan(5);
  expect(rules.flatMap(({ resources, verbs }) => [...resources, ...verbs])).not.toContain('*');
  expect(rules.flatMap(({ resources }) => resources)).not.toContain('secrets');
});

test('nothing needs a volume that somebody has to provide, a load balancer or a second node', () => {
  const text = [...files.map(read), ...storeNames.map((store) => read(`../stores/${store}/${store}.yaml`))].join('\n');
  expect(text).not.toMatch(/persistentVolumeClaim|LoadBalancer|nodeSelector|podAntiAffinity|:latest/);
});

test('our images alone get another name, each its own', () => {
  const text = 'image: orrery/operator:0.1.0\nimage: orrery/actor:0.1.0\nimage: other/operator:0.1.0\n';
  const made = (name: string, also: string[]) => ({
    reference: `orrery/${name}:x`,
    also,
    layers: [],
    config: Buffer.of(),
  });
  expect(withImages(text, [made('operator', ['orrery/operator:own']), made('actor', [])])).toBe(
    'image: orrery/operator:own\nimage: orrery/actor:x\nimage: other/operator:0.1.0\n',
  );
});
