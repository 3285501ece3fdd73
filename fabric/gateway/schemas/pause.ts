/** The body of a pause: none, or why and until when. */
import { z } from 'zod';

export const pauseBody = z
  .strictObject({
    reason: z.string().max(1024).optional(),
    /** ISO 8601 or epoch ms. */
    until: z.union([z.string(), z.number()]).optional(),
  })
  .default({});
export type PauseBody = z.infer<typeof pauseBody>;
