/** skill.yaml as it is sent and kept (contract 4.1). Members that nobody here reads are kept as they are. */
import { z } from 'zod';
import { actionFields } from './action.ts';
import { parameters, tags } from './parts.ts';

export const runtimes = ['cortex/jobs', 'cortex/daemons', 'cortex/external-api'] as const;
export type RuntimeName = (typeof runtimes)[number];

/** Where an input goes: to an action in a runtime (none with an external API), whose answer leaves by an output. */
const target = z.looseObject({
  action: z.string().optional(),
  runtime: z.enum(runtimes),
  output: z.string().min(1),
});
export type RoutingTarget = z.infer<typeof target>;

const conditional = z.looseObject({
  property: z.string().optional(),
  field: z.string().optional(),
  default: target.optional(),
  rules: z.array(target.extend({ match: z.union([z.string(), z.number(), z.boolean()]) })).default([]),
});

export const routing = z.union([z.looseObject({ all: target }), conditional]);
export type Routing = z.infer<typeof routing>;

const skillProperty = z.looseObject({
  name: z.string().min(1),
  title: z.string().optional(),
  description: z.string().optional(),
  type: z.string().optional(),
  required: z.union([z.boolean(), z.string()]).optional(),
  defaultValue: z.unknown().optional(),
  secure: z.union([z.boolean(), z.string()]).optional(),
  validValues: z.array(z.unknown()).nullish(),
});

export const skillDocument = z.looseObject({
  camel: z.string(),
  name: z.string(),
  title: z.string().optional(),
  description: z.string().optional(),
  tags,
  properties: z.array(skillProperty).nullish(),
  inputs: z.array(z.looseObject({ name: z.string().min(1), title: z.string().optional(), parameters, routing })),
  outputs: z.array(z.looseObject({ name: z.string().min(1), title: z.string().optional(), parameters })).default([]),
  actions: z.array(z.looseObject(actionFields)).nullish(),
});
export type SkillDocument = z.infer<typeof skillDocument>;
