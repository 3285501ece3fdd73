/** An action, saved on its own or within a skill (contract 3.8, 4.1). */
import { z } from 'zod';

export const actionFields = {
  name: z.string().min(1),
  /** Files may say `actionType` instead. */
  type: z.enum(['job', 'daemon']).optional(),
  actionType: z.enum(['job', 'daemon']).optional(),
  image: z.string().optional(),
  docker: z.string().optional(),
  /** A list, or a JSON list in a text. */
  command: z.union([z.array(z.string()), z.string()]).nullish(),
  port: z.union([z.string(), z.number()]).nullish(),
  /** Pairs in one text, or an object. */
  environmentVariables: z.union([z.string(), z.record(z.string(), z.unknown())]).nullish(),
  jobTimeout: z.union([z.number(), z.string()]).nullish(),
  scaleCount: z.union([z.number(), z.string()]).nullish(),
  podSpec: z.union([z.array(z.looseObject({ path: z.string(), value: z.unknown() })), z.string()]).nullish(),
  /** Objects, or JSON texts of objects. */
  k8sResources: z.array(z.union([z.string(), z.looseObject({})])).nullish(),
};

export const actionDocument = z.looseObject(actionFields);
export type ActionDocument = z.infer<typeof actionDocument>;
