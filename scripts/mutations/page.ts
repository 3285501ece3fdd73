/** docs/mutations.md: which sentence of which scenario has found each fault. */
import type { Mutation } from '../../harness/mutations/mutation.ts';
import type { MutationRecord } from './record.ts';

const heading = `# What the judges find

Fabric and the simulator are broken on purpose, one fault at a time, each in a process of its own, and the scenarios that are likeliest to notice are played until one of
them judges false. A fault that nothing finds would mean that a real one of its kind could go by as well. This page is made by \`npm run mutations\`, which judges all of them, or those
that are named, and then plays the same scenarios unbroken; a part that changes with each commit is judged by the tests ([harness/mutations](../harness/mutations)).`;

/** The page, a table for each kind. */
export function mutationsPage(mutations: readonly Mutation[], records: readonly MutationRecord[]): string {
  const byName = new Map(records.map((record) => [record.name, record]));
  const found = mutations.filter(({ name }) => typeof byName.get(name)?.scenario === 'string').length;
  const kinds = [...new Set(mutations.map(({ kind }) => kind))];
  const sections = kinds.map((kind) => {
    const rows = mutations.filter((mutation) => mutation.kind === kind);
    const lines = rows.map((mutation) => rowOf(mutation, byName.get(mutation.name)));
    const table = ['| Fault | Name | File | Found by | Sentence |', '| --- | --- | --- | --- | --- |', ...lines];
    return [`## ${kind.slice(0, 1).toUpperCase()}${kind.slice(1)}`, table.join('\n')].join('\n\n');
  });
  return `${[heading, `${found} of ${mutations.length} are found.`, ...sections].join('\n\n')}\n`;
}

function rowOf({ name, description, file }: Mutation, record: MutationRecord | undefined): string {
  const found = record ? [record.scenario ?? '**nothing**', record.sentence ?? ''] : ['not judged yet', ''];
  return `| ${[description, name, `\`${file}\``, ...found].map(cell).join(' | ')} |`;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}
