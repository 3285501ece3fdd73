/** The body of a run of a schedule outside of its times: none, or for which of them it is. */
import { z } from 'zod';

export const runBody = z
  .strictObject({
    /** ISO 8601 or epoch ms. */
    scheduledTime: z.union([z.string(), z.number()]).optional(),
  })
  .default({});
export type RunBody = z.infer<typeof runBody>;
