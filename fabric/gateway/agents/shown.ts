/**
 * An agent as clients read it: inputs without parameters have an empty list, which one client cannot do without
 * (contract 3.5).
 */
import type { Saved } from '../documents/documents.ts';
import type { AgentDocument } from '../schemas/agent.ts';

export function shownAgent({ content, version, createdBy, createdAt, updatedAt, isDeployed }: Saved<AgentDocument>) {
  const withParameters = <T extends { parameters?: unknown }>(signal: T) => ({
    ...signal,
    parameters: signal.parameters ?? [],
  });
  return {
    ...content,
    tags: content.tags ?? [],
    properties: content.properties ?? [],
    inputs: content.inputs.map(withParameters),
    outputs: content.outputs.map(withParameters),
    ...{ version, createdBy, createdAt, updatedAt },
    deployStatus: isDeployed ? 'DEPLOYED' : 'UNDEPLOYED',
  };
}
