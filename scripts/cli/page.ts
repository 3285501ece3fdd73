/** docs/cli.md: the reference of the `fabric` command, made of the command tree. Pure. */
import type { Command, OptionDefinition, Parameter } from '../../fabric/cli/command.ts';
import { exitCodes } from '../../fabric/cli/exit-codes.ts';

export interface Reference {
  readonly commands: readonly Command[];
  readonly common: readonly OptionDefinition[];
  /** What an area is for. */
  readonly areas: Readonly<Record<string, string>>;
}

export function referencePage({ commands, common, areas }: Reference): string {
  const names = [...new Set(commands.map(({ path }) => path[0] ?? ''))];
  const parts = names.map((name) =>
    areaPart(
      name,
      areas[name],
      commands.filter(({ path }) => path[0] === name),
    ),
  );
  return `# The \`fabric\` command

Made of the command tree (\`fabric/cli/commands\`) by \`node scripts/cli/main.ts\`: do not edit.

\`fabric\` asks a gateway, as the user of a profile. \`npx orrery up\` prints where its token file is:

\`\`\`console
$ npx fabric configure --file token.json --project proj1
$ npx fabric tasks list --scheduled
\`\`\`

Files of documents are JSON or YAML, and \`-\` is standard input. Lists are tables; \`--json\` prints them as JSON, and
\`--json EXPRESSION\` what a [JMESPath](https://jmespath.org) expression takes out of them. A token, an address and a
project in \`FABRIC_TOKEN\`, \`FABRIC_URL\` and \`FABRIC_PROJECT\` go before the profile; the field's \`CORTEX_TOKEN\`,
\`CORTEX_URL\` and \`CORTEX_PROJECT\` are read as well. Profiles are kept in \`~/.fabric\` (\`FABRIC_CONFIG_DIR\`), for
their owner alone; while there are none, those of \`~/.cortex\` are read. Errors go to standard error.

| ends with | |
| --- | --- |
${Object.values(exitCodes)
  .map(({ code, meaning }) => `| ${code} | ${meaning} |`)
  .join('\n')}

Every command takes these:

${optionList(common)}

${parts.join('\n\n')}
`;
}

function areaPart(name: string, purpose: string | undefined, commands: readonly Command[]): string {
  const about = purpose === undefined ? '' : `\n\n${purpose[0]?.toUpperCase()}${purpose.slice(1)}.`;
  return `## fabric ${name}${about}\n\n${commands.map(commandPart).join('\n\n')}`;
}

function commandPart({ path, alias, summary, parameters = [], options = [] }: Command): string {
  const words = ['fabric', ...path, ...parameters.map(parameterWord), ...(options.length > 0 ? ['[options]'] : [])];
  const other = alias === undefined ? '' : ` (or \`${[...path.slice(0, -1), alias].join(' ')}\`)`;
  const lists = [
    ...parameters.map(({ name, description }) => `- \`${name}\`: ${description}`),
    ...(options.length > 0 ? [optionList(options)] : []),
  ];
  return [`### \`${words.join(' ')}\``, `${summary}${other}.`, ...(lists.length > 0 ? [lists.join('\n')] : [])].join(
    '\n\n',
  );
}

function parameterWord({ name, isVariadic, isOptional }: Parameter): string {
  const word = `${name.toUpperCase()}${isVariadic ? '...' : ''}`;
  return isOptional ? `[${word}]` : word;
}

function optionList(options: readonly OptionDefinition[]): string {
  return options
    .map(({ flags, description, choices }) => {
      const among = choices ? ` (${choices.join(', ')})` : '';
      return `- \`${flags}\`: ${description}${among}`;
    })
    .join('\n');
}
