/** What both servers hold before anything is measured. */
import type { Pool } from 'undici';
import { collection, type Kind, kinds, widgetDefinition } from './objects.ts';
import { ask, inTurn, poolOf, type Target } from './target.ts';

const atOnce = 16;

/** Namespaces of the small benches and how many objects of a kind are in them. */
export const places = {
  /** Objects that are read and changed, in turn. */
  work: 'bench-work',
  /** What creates make. */
  made: 'bench-made',
  hundred: 'bench-100',
  fiveHundred: 'bench-500',
  watched: 'bench-watched',
} as const;

export const workCount = 100;

export async function prepare(target: Target): Promise<void> {
  const pool = poolOf(target, atOnce);
  try {
    for (const name of Object.values(places)) await makeNamespace(pool, target, name);
    await makeDefinition(pool, target);
    const many: [Kind, string, number][] = [
      [kinds.pods, places.work, workCount],
      [kinds.jobs, places.work, workCount],
      [kinds.configMaps, places.work, workCount],
      [kinds.widgets, places.work, workCount],
      [kinds.pods, places.hundred, 100],
      [kinds.pods, places.fiveHundred, 500],
      [kinds.configMaps, places.watched, workCount],
    ];
    for (const [kind, namespace, count] of many) {
      await inTurn(count, atOnce, (index) =>
        ask(pool, target, 'POST', collection(kind, namespace), kind.make(`o${index}`, index % 10)),
      );
    }
  } finally {
    await pool.destroy();
  }
}

/** With the account that pods need: no controller makes it here. */
export async function makeNamespace(pool: Pool, target: Target, name: string): Promise<void> {
  await ask(pool, target, 'POST', '/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
  const account = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default' } };
  await ask(pool, target, 'POST', `/api/v1/namespaces/${name}/serviceaccounts`, account);
}

/** Resolves when the kind is served. */
export async function makeDefinition(pool: Pool, target: Target): Promise<void> {
  await ask(pool, target, 'POST', '/apis/apiextensions.k8s.io/v1/customresourcedefinitions', widgetDefinition);
  for (const deadline = performance.now() + 20_000; performance.now() < deadline; ) {
    const served = await ask(pool, target, 'GET', collection(kinds.widgets)).then(
      () => true,
      () => false,
    );
    if (served) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`${target.url}: widgets.bench.example is not served after 20 s`);
}
