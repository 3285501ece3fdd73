/**
 * Reads the cases: one YAML file a topic in `topics/`. A case has `job` (the spec of the Job `work`), `cronJob` (the
 * spec of the CronJob `tick`, `job` is then its template's), or creates by its steps alone; `does` is what its
 * containers do (`script.ts`), `pod` what else their pod's spec has. A container `{ does: ... }` may stand wherever
 * containers stand.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import type { KubernetesObject } from '../../../kubernetes/objects.ts';
import { durationMs } from '../../documents/duration.ts';
import type { CaseStep, ControllerCase, Deed } from './case.ts';
import { scriptImage } from './script.ts';

type Members = Readonly<Record<string, unknown>>;

interface CaseEntry {
  readonly name: string;
  readonly rules: readonly string[];
  readonly for: string;
  readonly job?: Members;
  readonly cronJob?: Members;
  /** Of the Job, or of the CronJob. */
  readonly metadata?: Members;
  /** Of the Job that a CronJob makes. */
  readonly jobMetadata?: Members;
  readonly podMetadata?: Members;
  readonly does?: Deed;
  readonly pod?: Members;
  /** Made before the start, in this order. */
  readonly before?: readonly KubernetesObject[];
  readonly steps?: readonly StepEntry[];
}

interface StepEntry extends Omit<CaseStep, 'atMs' | 'text'> {
  readonly at: string;
}

interface CaseFile {
  readonly topic: string;
  readonly cases: readonly CaseEntry[];
}

const FOLDER = new URL('topics/', import.meta.url);
const DEFAULT_DEED = 'sleep 2500ms';
/** At a whole minute all CronJobs start their pods, and the node is late. */
const DEFAULT_CRON_DEED = 'sleep 8500ms';
const ENTRY_MEMBERS = new Set(
  'name rules for job cronJob metadata jobMetadata podMetadata does pod before steps'.split(' '),
);
const STEP_MEMBERS = new Set('at create patch status body delete propagation graceSeconds evict'.split(' '));

/** All cases, in the order of the files; throws where one cannot be read. */
export function readCatalogue(): ControllerCase[] {
  const files = readdirSync(FOLDER)
    .filter((file) => file.endsWith('.yaml'))
    .sort();
  const cases = files.flatMap((file) => casesOf(parse(readFileSync(new URL(file, FOLDER), 'utf8')) as CaseFile));
  const seen = new Set<string>();
  for (const { topic, name, namespace } of cases) {
    if (seen.has(namespace)) throw new Error(`${topic}: "${name}" is there twice`);
    seen.add(namespace);
  }
  return cases;
}

function casesOf({ topic, cases }: CaseFile): ControllerCase[] {
  return cases.map((entry) => {
    refuseUnknown(`${topic}: ${entry.name}`, entry, ENTRY_MEMBERS);
    return {
      topic,
      name: entry.name,
      namespace: namespaceOf(topic, entry.name),
      rules: entry.rules,
      about: topic.startsWith('CronJob') ? 'cronjobs.batch' : 'jobs.batch',
      lastsMs: durationMs(entry.for),
      steps: stepsOf(entry),
    };
  });
}

function stepsOf(entry: CaseEntry): CaseStep[] {
  const before = (entry.before ?? []).map((create) => ({ atMs: -1000, text: '', create }));
  const main = mainObject(entry);
  const first = main ? [{ atMs: 0, text: '', create: main }] : [];
  const steps = (entry.steps ?? []).map(({ at, ...step }) => {
    refuseUnknown(entry.name, { at, ...step }, STEP_MEMBERS);
    return { ...step, atMs: durationMs(at), text: `${at} ${JSON.stringify(step)}` };
  });
  return [...before, ...first, ...steps].map((step) => withScripts(step) as CaseStep);
}

function mainObject(entry: CaseEntry): KubernetesObject | undefined {
  if (entry.cronJob) {
    const jobTemplate = { metadata: entry.jobMetadata, spec: jobSpec(entry) };
    return {
      apiVersion: 'batch/v1',
      kind: 'CronJob',
      metadata: { name: 'tick', ...entry.metadata },
      spec: { jobTemplate, ...entry.cronJob },
    } as KubernetesObject;
  }
  if (!entry.job) return undefined;
  const metadata = { ...(entry.metadata?.generateName ? {} : { name: 'work' }), ...entry.metadata };
  return { apiVersion: 'batch/v1', kind: 'Job', metadata, spec: jobSpec(entry) } as KubernetesObject;
}

function jobSpec({
  cronJob,
  job,
  does = cronJob ? DEFAULT_CRON_DEED : DEFAULT_DEED,
  pod,
  podMetadata,
}: CaseEntry): Members {
  const spec = { restartPolicy: 'Never', containers: [{ does }], ...pod };
  return { template: { ...(podMetadata ? { metadata: podMetadata } : {}), spec }, ...job };
}

/** Containers that say what they do become such as can be run. */
function withScripts(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withScripts);
  if (typeof value !== 'object' || value === null) return value;
  const { does, ...others } = value as { readonly does?: Deed };
  const members = Object.fromEntries(Object.entries(others).map(([name, each]) => [name, withScripts(each)]));
  // Its token would come as a volume, which our node does not have.
  if (members.containers !== undefined) return { automountServiceAccountToken: false, ...members };
  return does === undefined ? members : { name: 'main', image: scriptImage, args: [JSON.stringify(does)], ...members };
}

function refuseUnknown(where: string, members: object, known: ReadonlySet<string>): void {
  const unknown = Object.keys(members).filter((name) => !known.has(name));
  if (unknown.length > 0) throw new Error(`case "${where}" has no ${unknown.join(', ')}: ${[...known].join(', ')}`);
}

/** The same on every run, whatever other cases there are. */
function namespaceOf(topic: string, name: string): string {
  let hash = 0x811c9dc5;
  for (const character of `${topic}/${name}`) {
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  }
  return `c${hash.toString(36)}`;
}
