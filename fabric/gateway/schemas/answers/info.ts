/** Answers of the routes that tell of the gateway itself (contract 3.1, 3.2). */
import { z } from 'zod';
import { instant, success } from './common.ts';

const features = z.strictObject({
  enabled: z.boolean(),
  features: z.record(z.string(), z.strictObject({ enabled: z.boolean() })),
});

export const infoAnswer = z.strictObject({
  serverTs: instant,
  version: z.string(),
  deployType: z.string(),
  enabledFeatures: z.strictObject({ ga: features, preview: features }),
  endpoints: z.strictObject({ registry: z.strictObject({ url: z.string() }) }),
  healths: z.array(
    z.strictObject({ name: z.string(), version: z.string(), healthy: z.boolean(), health: z.looseObject({}) }),
  ),
});

export const compatibilityAnswer = z.strictObject({
  semver: z.string().describe('A range of versions, as npm writes them.'),
});

export const healthAnswer = z.strictObject({ success });

export const descriptionAnswer = z.looseObject({ openapi: z.literal('3.1.1') });
