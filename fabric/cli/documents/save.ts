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
      const gateway = await call.context.gateway();
      for (const file of call.parameters(0)) {
        const read = await readDocument(call.context.surroundings, file);
        const document = complete ? await complete(call, read) : read;
        const saved = await gateway.json<{ version?: number; message?: string; details?: unknown }>(
          gateway.inProject(kind.area),
          { method: 'POST', json: document, about: `${kind.name} of ${file}` },
        );
        const version = saved.version === undefined ? '' : `, version ${saved.version}`;
        await printLine(
          call.context.terminal,
          `${kind.title} ${JSON.stringify(document.name)} saved in project ${JSON.stringify(gateway.project)}${version}`,
        );
        // What is saved and does not run yet is said by the gateway's own words.
        if (saved.details !== undefined)
          await call.context.terminal.err(`${saved.message}: ${JSON.stringify(saved.details)}\n`);
      }
    },
  };
}
