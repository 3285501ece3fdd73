/** Commands for one document by its name: describe, versions, deploy, undeploy, delete. */
import type { Command } from '../command.ts';
import { documentOptions, printAnswer, printDocument } from '../lists.ts';
import { printLine } from '../terminal.ts';
import type { DocumentKind } from './kind.ts';

const nameParameter = ({ name }: DocumentKind) => ({ name, description: 'its name' });

export function describeCommand(kind: DocumentKind, outputs: readonly string[]): Command {
  return {
    path: [kind.area, 'describe'],
    alias: 'get',
    summary: `Describe one of the ${kind.area}`,
    parameters: [nameParameter(kind)],
    options: [
      { flags: '-o, --output <form>', description: 'form of the document', choices: outputs },
      { flags: '--verbose', description: 'with what the platform knows of it' },
      { flags: '--versions', description: 'its versions instead' },
      ...documentOptions,
    ],
    async run(call) {
      const gateway = await call.context.gateway();
      const name = call.parameter(0);
      const about = `${kind.name} ${name}`;
      if (call.isOn('versions')) {
        return printDocument(call, await gateway.json(gateway.inProject(kind.area, name, 'versions'), { about }));
      }
      const output = call.text('output') ?? 'json';
      const query = {
        output,
        verbose: String(call.isOn('verbose')),
        ...(call.isOn('verbose') ? { status: 'true' } : {}),
      };
      const path = gateway.inProject(kind.area, name);
      if (output === 'json') return printDocument(call, await gateway.json(path, { query, about }));
      const text = await (await gateway.open(path, { query, about })).text();
      await call.context.terminal.out(text.endsWith('\n') ? text : `${text}\n`);
    },
  };
}

/** Of documents that have no versions and no other form than JSON. */
export function describePlainCommand(kind: DocumentKind): Command {
  return {
    path: [kind.area, 'describe'],
    alias: 'get',
    summary: `Describe a ${kind.name}`,
    parameters: [nameParameter(kind)],
    options: documentOptions,
    async run(call) {
      const gateway = await call.context.gateway();
      const name = call.parameter(0);
      await printDocument(
        call,
        await gateway.json(gateway.inProject(kind.area, name), { about: `${kind.name} ${name}` }),
      );
    },
  };
}

/** `deploy` and `undeploy` are GETs that change something: the contract has them so, and they may be repeated. */
export function deployCommand(kind: DocumentKind, verb: 'deploy' | 'undeploy'): Command {
  const done = verb === 'deploy' ? 'Deployed' : 'Undeployed';
  const dryRun = { flags: '--dryrun', description: 'print what would be applied to the cluster, and apply nothing' };
  const hasDryRun = verb === 'deploy' && kind.area === 'skills';
  return {
    path: [kind.area, verb],
    summary: verb === 'deploy' ? `Deploy ${kind.area}` : `Undeploy ${kind.area}`,
    parameters: [{ name: kind.area, description: 'their names', isVariadic: true }],
    options: hasDryRun ? [dryRun] : [],
    async run(call) {
      const gateway = await call.context.gateway();
      for (const name of call.parameters(0)) {
        const isDry = call.isOn('dryrun');
        const query = { verbose: 'false', ...(isDry ? { dryrun: 'true' } : {}) };
        const path = gateway.inProject(kind.area, name, verb);
        const answer = await gateway.json<{ message: string }>(path, { query, about: `${kind.name} ${name}` });
        if (isDry) await printDocument(call, answer);
        else await printLine(call.context.terminal, `${done} ${kind.title} ${name}: ${answer.message}`);
      }
    },
  };
}

export function deleteCommand(kind: DocumentKind): Command {
  return {
    path: [kind.area, 'delete'],
    summary: `Delete one of the ${kind.area}`,
    parameters: [nameParameter(kind)],
    async run(call) {
      const gateway = await call.context.gateway();
      const name = call.parameter(0);
      const path = gateway.inProject(kind.area, name);
      await printAnswer(call, await gateway.json(path, { method: 'DELETE', about: `${kind.name} ${name}` }));
    },
  };
}
