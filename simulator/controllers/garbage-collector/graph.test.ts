import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { OwnerReference } from '../../../kubernetes/objects.ts';
import { secrets } from '../../../kubernetes/resources.ts';
import { Graph, type GraphNode } from './graph.ts';

const reference = (uid: string, blockOwnerDeletion = true): OwnerReference => ({
  apiVersion: 'v1',
  kind: 'Secret',
  name: `name ${uid}`,
  uid,
  blockOwnerDeletion,
});

const node = (uid: string, owners: readonly OwnerReference[] = [], more: Partial<GraphNode> = {}): GraphNode => ({
  type: secrets,
  namespace: 'n',
  name: `name ${uid}`,
  uid,
  owners,
  beingDeleted: false,
  deletingDependents: false,
  orphaning: false,
  ...more,
});

const uids = ['a', 'b', 'c', 'd', 'e'] as const;
const uid = fc.constantFrom(...uids);
const change = fc.oneof(
  fc.record({ uid, owners: fc.uniqueArray(uid, { maxLength: 3 }) }),
  fc.record({ uid, owners: fc.constant(undefined) }),
);

describe('the graph', () => {
  test('knows the dependents that the objects name now, after any changes', () => {
    fc.assert(
      fc.property(fc.array(change, { maxLength: 30 }), (changes) => {
        const graph = new Graph();
        const model = new Map<string, readonly string[]>();
        for (const { uid, owners } of changes) {
          if (owners)
            graph.put(
              node(
                uid,
                owners.map((owner) => reference(owner)),
              ),
            );
          else graph.remove(uid);
          if (owners) model.set(uid, owners);
          else model.delete(uid);
        }
        for (const owner of uids) {
          const expected = uids.filter((each) => model.get(each)?.includes(owner));
          expect(
            graph
              .dependentsOf(owner)
              .map((each) => each.uid)
              .toSorted(),
          ).toEqual(expected);
        }
      }),
    );
  });

  test('asks to look at an object whose owner it does not know, and not at one whose owner it does', () => {
    const graph = new Graph();
    expect(graph.put(node('child', [reference('owner')])).toDelete).toEqual(['child']);
    graph.put(node('other'));
    expect(graph.put(node('second', [reference('other')])).toDelete).toEqual([]);
  });

  test('asks to look at the dependents of what is gone', () => {
    const graph = new Graph();
    graph.put(node('owner'));
    graph.put(node('child', [reference('owner')]));
    expect(graph.remove('owner').toDelete).toEqual(['child']);
  });

  test('asks to look at an owner that waits, when a dependent goes or stops to block it', () => {
    const graph = new Graph();
    graph.put(node('owner'));
    graph.put(node('one', [reference('owner')]));
    graph.put(node('two', [reference('owner')]));
    const waiting = graph.put(node('owner', [], { beingDeleted: true, deletingDependents: true }));
    expect(waiting.toDelete).toEqual(['one', 'two', 'owner']);
    expect(graph.put(node('one', [reference('owner', false)])).toDelete).toEqual(['owner']);
    expect(graph.blockingDependentsOf('owner').map((each) => each.uid)).toEqual(['two']);
    expect(graph.remove('two').toDelete).toEqual(['owner']);
  });

  test('tells of dependents in another namespace, whichever comes first', () => {
    const ownerFirst = new Graph();
    ownerFirst.put(node('owner'));
    const late = ownerFirst.put(node('child', [reference('owner')], { namespace: 'elsewhere' }));
    expect(late.toDelete).toEqual(['child']);
    expect(late.misplaced.map(({ dependent }) => dependent.uid)).toEqual(['child']);
    const childFirst = new Graph();
    childFirst.put(node('child', [reference('owner')], { namespace: 'elsewhere' }));
    const found = childFirst.put(node('owner'));
    expect(found.toDelete).toEqual(['child']);
    expect(found.misplaced.map(({ dependent }) => dependent.uid)).toEqual(['child']);
  });
});
