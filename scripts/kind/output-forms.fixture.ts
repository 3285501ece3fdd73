/**
 * All forms of output, written by real containers of one pod: what `kubectl logs` prints of each, and what its log file
 * holds. For tests.
 */
import { spawnSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { logsOf, type OutputForm, outputForms, recordsIn, scriptOf } from '../../fixtures/output-forms/forms.ts';

interface Place {
  readonly kubectl: string;
  readonly kubeconfig: string;
  readonly namespace: string;
  /** Of the actor. */
  readonly image: string;
}

const POD = 'output-forms';
const DEADLINE_MS = 180_000;
const OUTPUT_BYTES_MAXIMUM = 64 * 1024 * 1024;

/**
 * Names of the forms of which logs or file are not as they should be. Rejects when the pod does not end, or `kubectl`
 * fails.
 */
export async function differingForms(place: Place): Promise<string[]> {
  run(place, ['create', '-f', '-'], JSON.stringify(podOf(place)));
  const { uid, node } = await ended(place);
  const differing = outputForms.filter((form) => {
    const container = nameOf(form);
    const logs = run(place, ['logs', POD, '--container', container]);
    const path = `/api/v1/nodes/${node}/proxy/logs/pods/${place.namespace}_${POD}_${uid}/${container}/0.log`;
    const records = recordsIn(run(place, ['get', '--raw', path]));
    return !logs.equals(logsOf(form)) || JSON.stringify(records) !== JSON.stringify(form.records);
  });
  run(place, ['delete', 'pod', POD, '--now']);
  return differing.map(({ name }) => name);
}

function podOf({ namespace, image }: Place): object {
  const resources = { requests: { cpu: '5m', memory: '16Mi' } };
  const containers = outputForms.map((form) => ({ name: nameOf(form), image, args: [scriptOf(form)], resources }));
  const spec = { restartPolicy: 'Never', containers };
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name: POD, namespace }, spec };
}

function nameOf({ name }: OutputForm): string {
  return `form-${name}`;
}

async function ended(place: Place): Promise<{ readonly uid: string; readonly node: string }> {
  for (const end = Date.now() + DEADLINE_MS; Date.now() < end; await sleep(1_000)) {
    const pod = JSON.parse(run(place, ['get', 'pod', POD, '-o', 'json']).toString('utf8'));
    if (pod.status.phase === 'Succeeded') return { uid: pod.metadata.uid, node: pod.spec.nodeName };
    if (pod.status.phase === 'Failed') throw new Error(`the pod failed: ${JSON.stringify(pod.status)}`);
  }
  throw new Error(`the pod ${POD} has not ended within ${DEADLINE_MS} ms`);
}

function run({ kubectl, kubeconfig, namespace }: Place, parameters: readonly string[], input = ''): Buffer {
  const done = spawnSync(kubectl, ['--kubeconfig', kubeconfig, '-n', namespace, ...parameters], {
    input,
    maxBuffer: OUTPUT_BYTES_MAXIMUM,
  });
  if (done.status !== 0) throw new Error(`kubectl ${parameters.join(' ')}: ${done.stderr}`);
  return done.stdout;
}

/** Ends of logs that are hard to tell whole. */
const namesOfEnds = ['long-last-line-lf', 'long-last-line', 'cr-lf-then-rest', 'both-streams-parts', 'million'];

interface ShownTask {
  readonly task?: { readonly state: string; readonly logs?: { readonly complete: boolean } };
}

/** Asks as a user whom the gateway lets in. */
type Asked = (url: string, init?: RequestInit) => Promise<Response>;

/**
 * Names of the forms of which a Task's log is not what it wrote, or is not called complete; `tasks` is the gateway's
 * address of a project's Tasks.
 */
export async function differingTasks(asked: Asked, tasks: string, project: string, image: string): Promise<string[]> {
  const forms = outputForms.filter(({ name }) => namesOfEnds.includes(name));
  const differing = forms.map(async (form) => {
    const name = nameOf(form);
    const wish = { name, skillName: 'actor', actionName: 'run', image, args: [scriptOf(form)] };
    const answer = await asked(tasks, { method: 'POST', body: JSON.stringify(wish) });
    if (!answer.ok) throw new Error(`the gateway refused ${name}: ${answer.status} ${await answer.text()}`);
    const address = `${tasks}/${project}-${name}`;
    const record = await recorded(asked, address);
    const stored = Buffer.from(await (await asked(`${address}/logs?raw=true`)).arrayBuffer());
    const isWhole = record?.state === 'COMPLETE' && record.logs?.complete && stored.equals(logsOf(form));
    return isWhole ? [] : [form.name];
  });
  return (await Promise.all(differing)).flat();
}

/** The record of a Task once it says what became of the log; undefined when that takes too long. */
async function recorded(asked: Asked, address: string): Promise<ShownTask['task']> {
  for (const end = Date.now() + DEADLINE_MS; Date.now() < end; await sleep(500)) {
    const { task } = (await (await asked(address)).json()) as ShownTask;
    if (task?.state === 'FAILED' || (task?.state === 'COMPLETE' && task.logs)) return task;
  }
  return undefined;
}
