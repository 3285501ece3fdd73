/**
 * Reads the transcripts: one YAML file a topic in `topics/`; files that several topics need stand in
 * `topics/shared.yaml`.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import type { Case, Step } from './transcript.ts';

type Files = Readonly<Record<string, string>>;
type WrittenStep = string | (Omit<Step, 'meanwhile'> & { readonly meanwhile?: readonly WrittenStep[] });

interface TopicFile {
  readonly topic: string;
  /** Of all its cases. */
  readonly subjects?: readonly string[];
  readonly files?: Files;
  readonly cases: readonly {
    readonly name: string;
    readonly alone?: boolean;
    readonly subjects?: readonly string[];
    readonly files?: Files;
    readonly steps: readonly WrittenStep[];
  }[];
}

const FOLDER = new URL('topics/', import.meta.url);
const SHARED = 'shared.yaml';

export interface Catalogue {
  /** Played once on each cluster before all cases. */
  readonly ground: Case;
  readonly cases: readonly Case[];
}

export function readCatalogue(): Catalogue {
  const shared = read(SHARED) as { readonly files: Files; readonly ground: readonly WrittenStep[] };
  const topics = readdirSync(FOLDER)
    .filter((file) => file.endsWith('.yaml') && file !== SHARED)
    .sort();
  const ground = { topic: 'ground', name: 'ground', subjects: [], namespace: 'ground' };
  return {
    ground: { ...ground, files: shared.files, steps: shared.ground.map(stepOf) },
    cases: topics.flatMap((file) => casesOf(read(file) as TopicFile, shared.files)),
  };
}

function read(file: string): unknown {
  return parse(readFileSync(new URL(file, FOLDER), 'utf8'), { merge: true });
}

function casesOf(file: TopicFile, shared: Files): Case[] {
  return file.cases.map((one) => ({
    topic: file.topic,
    name: one.name,
    ...(one.alone ? { alone: true } : {}),
    subjects: [...new Set([...(file.subjects ?? []), ...(one.subjects ?? [])])].sort(),
    namespace: namespaceOf(`${file.topic}-${one.name}`),
    files: { ...shared, ...file.files, ...one.files },
    steps: one.steps.map(stepOf),
  }));
}

function stepOf(written: WrittenStep): Step {
  if (typeof written === 'string') return { run: written };
  const { meanwhile, ...step } = written;
  return meanwhile ? { ...step, meanwhile: meanwhile.map(stepOf) } : step;
}

/** Readable, and a name that Kubernetes takes. */
function namespaceOf(title: string): string {
  const words = title
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, 50);
  return words.replace(/-+$/, '');
}
