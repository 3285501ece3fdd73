/** Conformance tests of what the simulator does not have and is not meant to have. Every other test is to pass. */
export interface NotApplicable {
  /** The area of the test, see areas.ts. */
  readonly topic: string;
  /** One sentence: why it is not there. */
  readonly why: string;
}

const WEBHOOKS = 'Webhooks call servers in pods: judge them on a real cluster.';

export const notApplicable: readonly NotApplicable[] = [
  { topic: 'AdmissionWebhook', why: WEBHOOKS },
  { topic: 'CustomResourceConversionWebhook', why: WEBHOOKS },
  {
    topic: 'CustomResourceFieldSelectors',
    why: 'The test’s two versions are converted by a webhook in a pod; selectable fields themselves are compared as exchanges.',
  },
  { topic: 'Aggregator', why: 'API servers behind the API server (aggregation) are not simulated.' },
  { topic: 'ResourceQuota', why: 'Quotas are stored only: no controller counts, and nothing is refused for them.' },
];

/** Why a test of this topic is not played, if so. */
export function reasonNotToPlay(topic: string): string | undefined {
  return notApplicable.find((each) => each.topic === topic)?.why;
}
