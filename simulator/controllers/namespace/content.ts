/** Deletes all that is in a namespace, pods before everything else, and tells what is left. Source: semantics 5.3. */
import { hasReason, type KubernetesClient } from '../../../kubernetes/client.ts';
import type { KubernetesObject, Pod } from '../../../kubernetes/objects.ts';
import type { ResourceType } from '../../../kubernetes/resources.ts';
import { oneVersionEach } from '../kinds.ts';
import type { Remains } from './conditions.ts';

/** How long finalizers are given to run. */
const finalizerSeconds = 15;

export interface ContentDeletion extends Remains {
  /** Seconds until what is left is probably gone; 0 if nothing is. */
  readonly estimateSeconds: number;
}

export interface NamespaceContent {
  readonly client: KubernetesClient;
  readonly namespace: string;
  /** Epoch ms of the namespace's deletion. */
  readonly deletedAt: number;
  readonly nowMs: number;
}

/** One attempt. Nothing but pods is touched while a pod is left. */
export async function deleteContent(
  content: NamespaceContent,
  resources: readonly ResourceType[],
): Promise<ContentDeletion> {
  const kinds = oneVersionEach(resources).filter(({ namespaced }) => namespaced);
  const tally = new Tally();
  for (const pods of kinds.filter(isPods)) await deleteAll(content, pods, tally);
  if (tally.byResource.size > 0) return tally;
  for (const kind of kinds.filter((each) => !isPods(each))) await deleteAll(content, kind, tally);
  return tally;
}

class Tally implements ContentDeletion {
  estimateSeconds = 0;
  readonly byResource = new Map<string, number>();
  readonly byFinalizer = new Map<string, number>();
  readonly errors: string[] = [];

  add(kind: ResourceType, left: readonly KubernetesObject[], estimateSeconds: number): void {
    this.estimateSeconds = Math.max(this.estimateSeconds, estimateSeconds);
    this.byResource.set(`${kind.plural}.${kind.group}`, left.length);
    for (const finalizer of left.flatMap(({ metadata }) => metadata?.finalizers ?? [])) {
      this.byFinalizer.set(finalizer, (this.byFinalizer.get(finalizer) ?? 0) + 1);
    }
  }
}

function isPods({ group, plural }: ResourceType): boolean {
  return group === '' && plural === 'pods';
}

async function deleteAll(content: NamespaceContent, kind: ResourceType, tally: Tally): Promise<void> {
  const { client, namespace } = content;
  try {
    const { items } = await client.list<KubernetesObject>(kind, { namespace });
    if (items.length === 0) return;
    const graceSeconds = isPods(kind) ? longestGrace(items, content) : 0;
    for (const item of items) await deleteOne(client, kind, item);
    const left = (await client.list<KubernetesObject>(kind, { namespace })).items;
    if (left.length === 0) return;
    const held = left.some(({ metadata }) => (metadata?.finalizers?.length ?? 0) > 0);
    tally.add(kind, left, graceSeconds > 0 ? graceSeconds : held ? finalizerSeconds : 0);
    if (graceSeconds === 0 && !held) {
      const resource = `${kind.group}/${kind.version}, Resource=${kind.plural}`;
      tally.errors.push(`unexpected items still remain in namespace: ${namespace} for gvr: ${resource}`);
    }
  } catch (error) {
    tally.errors.push(error instanceof Error ? error.message : String(error));
  }
}

async function deleteOne(client: KubernetesClient, kind: ResourceType, { metadata }: KubernetesObject): Promise<void> {
  try {
    await client.delete(kind, metadata?.namespace, metadata?.name ?? '', { propagationPolicy: 'Background' });
  } catch (error) {
    if (!hasReason(error, 'NotFound')) throw error;
  }
}

/** Of pods that still run; 0 once that much time has passed since the namespace was deleted. */
function longestGrace(pods: readonly Pod[], { deletedAt, nowMs }: NamespaceContent): number {
  const running = pods.filter(({ status }) => status?.phase !== 'Succeeded' && status?.phase !== 'Failed');
  const graceSeconds = Math.max(0, ...running.map(({ spec }) => spec?.terminationGracePeriodSeconds ?? 0));
  return nowMs - deletedAt >= graceSeconds * 1000 ? 0 : graceSeconds;
}
