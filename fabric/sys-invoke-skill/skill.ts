/** The skill that Fabric itself brings into a project: it invokes agents at the times of a schedule. */
import type { SkillContent } from '../gateway/skills/skill.ts';

export const sysInvokeSkill = 'sys-invoke-skill';
export const sysInvokeAction = 'invoke';
/** The gateway's program runs it when its first argument says so. */
export const sysInvokeArguments: readonly string[] = ['sys-invoke-skill'];

export function sysInvokeContent(image: string): SkillContent {
  return {
    document: {
      camel: '1.0.0',
      name: sysInvokeSkill,
      title: 'Invokes an agent by a schedule',
      description: 'Belongs to Fabric itself: deployed by the gateway when an agent is scheduled.',
      tags: [],
      properties: [],
      inputs: [
        {
          name: 'request',
          parameters: [],
          routing: { all: { action: sysInvokeAction, runtime: 'cortex/jobs', output: 'response' } },
        },
      ],
      outputs: [{ name: 'response', parameters: [] }],
      actions: [{ name: sysInvokeAction, type: 'job', image }],
    },
    actions: [
      {
        name: sysInvokeAction,
        type: 'job',
        image,
        command: [],
        environment: {},
        podSpec: [],
        k8sResources: [],
      },
    ],
  };
}
