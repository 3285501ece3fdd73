/** What flags of `save` add to the actions of a skill or to an action: a pod spec, resources, a scale (contract 7). */

import { parse } from 'yaml';
import type { CommandCall, OptionDefinition } from '../../command.ts';
import { usageError } from '../../errors.ts';
import { readInput } from '../../input.ts';

export const skillFileOptions: readonly OptionDefinition[] = [
  { flags: '--podspec <file>', description: 'patches of the pod spec, JSON or YAML: a list of {path, value}' },
  { flags: '-k, --k8sResource <file>', description: 'a Kubernetes resource that comes along', isRepeated: true },
  { flags: '--scaleCount <count>', description: 'pods of a daemon' },
];

/** The document with what the flags say in each of its actions. */
export async function completedSkill(
  call: CommandCall,
  document: Record<string, unknown>,
): Promise<Record<string, unknown>> {
  const additions = await actionAdditions(call);
  if (Object.keys(additions).length === 0) return document;
  const { actions } = document;
  if (!Array.isArray(actions))
    throw usageError('the skill has no actions of its own for --podspec, -k and --scaleCount');
  return { ...document, actions: actions.map((action: object) => ({ ...action, ...additions })) };
}

export async function actionAdditions(call: CommandCall): Promise<Record<string, unknown>> {
  const [podspec, resources] = [call.text('podspec'), call.texts('k8sResource')];
  const scaleCount = call.count('scaleCount', 0);
  return {
    ...(podspec === undefined ? {} : { podSpec: await documentIn(call, podspec) }),
    ...(resources.length === 0
      ? {}
      : { k8sResources: await Promise.all(resources.map((file) => documentIn(call, file))) }),
    ...(scaleCount === undefined ? {} : { scaleCount }),
  };
}

async function documentIn(call: CommandCall, file: string): Promise<unknown> {
  const text = (await readInput(call.context.surroundings, file)).toString('utf8');
  try {
    return parse(text);
  } catch (error) {
    throw usageError(`${file} is neither JSON nor YAML: ${error instanceof Error ? error.message : String(error)}`);
  }
}
