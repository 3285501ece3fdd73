/** agent.yaml as it is sent and kept (contract 4.2). Members that nobody here reads are kept as they are. */
import { z } from 'zod';
import { parameters, tags } from './parts.ts';

const property = z.looseObject({ name: z.string().min(1), value: z.unknown() });
const properties = z.array(property).nullish();

const signal = {
  name: z.string().min(1),
  title: z.string().optional(),
  signalType: z.string().optional(),
  signalId: z.string().min(1),
  parameters,
};

/** One end of a wire: a signal of the agent, or an input or output of a skill that it refers to. */
const agentInput = z.looseObject({ input: z.looseObject({ signalId: z.string() }) });
const agentOutput = z.looseObject({ output: z.looseObject({ signalId: z.string() }) });
const skillOutput = z.looseObject({ skill: z.looseObject({ refId: z.string(), output: z.string() }) });
const skillInput = z.looseObject({ skill: z.looseObject({ refId: z.string(), input: z.string() }) });

export const agentDocument = z.looseObject({
  camel: z.string(),
  name: z.string(),
  title: z.string().optional(),
  description: z.string().optional(),
  tags,
  properties,
  /** `output`: the output that answers this service. */
  inputs: z.array(z.looseObject({ ...signal, output: z.string().optional() })),
  outputs: z.array(z.looseObject(signal)).default([]),
  skills: z
    .array(
      z.looseObject({
        refId: z.string().min(1),
        skillName: z.string().min(1),
        title: z.string().optional(),
        properties,
      }),
    )
    .default([]),
  mappings: z
    .array(
      z.looseObject({
        from: z.union([agentInput, skillOutput]),
        to: z.union([skillInput, agentOutput]),
        rules: z.array(z.unknown()).nullish(),
      }),
    )
    .default([]),
});
export type AgentDocument = z.infer<typeof agentDocument>;
