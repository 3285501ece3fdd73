/** `save FILE...`: documents of files, JSON or YAML, one request each, in their order. */
import type { Command, CommandCall, OptionDefinition } from '../command.ts';
import { readDocument } from '../input.ts';
import { printLine } from '../terminal.ts';
import type { DocumentKind } from './kind.ts';

export interface SaveExtras {
  readonly options?: readonly OptionDefinition[];
  /** What the flags of a call add to the document of a file. */
  complete?(call: CommandCall, document: Record<string, unknown>): Promise<Record<string, unknown>>;
}

export function saveCommand(kind: DocumentKind, { options = [], complete }: SaveExtras = {}): Command {
  return {
    path: [kind.area, 'save'],
    summary: `Save ${kind.area} of files, JSON or YAML`,
    parameters: [{ name: 'files', description: 'their files; - is standard input', isVariadic: true }],
    options: [{ flags: '-y, --yaml', description: 'the files are YAML (they may be, without this too)' }, ...options],
    async run(call) {
      for (const file of call.parameters(0)) {
        const read = await readDocument(call.context.surroundings, file);
        await saveDocument(call, kind, complete ? await complete(call, read) : read, file);
      }
    },
  };
}

/** Saves one document and says so; `file` is where it stands. CommandError when the gateway refuses it. */
export async function saveDocument(
  call: CommandCall,
  kind: DocumentKind,
  document: Readonly<Record<string, unknown>>,
  file: string,
): Promise<void> {
  const { terminal } = call.context;
  const gateway = await call.context.gateway();
  const saved = await gateway.json<{ version?: number; message?: string; details?: unknown }>(
    gateway.inProject(kind.area),
    { method: 'POST', json: document, about: `${kind.name} of ${file}` },
  );
  const version = saved.version === undefined ? '' : `, version ${saved.version}`;
  const [name, project] = [document.name, gateway.project].map((each) => JSON.stringify(each));
  await printLine(terminal, `${kind.title} ${name} saved in project ${project}${version}`);
  // What is saved and does not run yet is said by the gateway's own words.
  if (saved.details !== undefined) await terminal.err(`${saved.message}: ${JSON.stringify(saved.details)}\n`);
}
