/**
 * What OpenAPI documents say about the members of metadata: `kubectl explain KIND.metadata` shows it. Our own words.
 */
export const metadataTexts: Readonly<Record<string, string>> = {
  annotations: 'Annotations hold what tools and people note on an object; nothing selects by them.',
  creationTimestamp: 'CreationTimestamp is a timestamp: when the server stored the object first.',
  deletionGracePeriodSeconds: 'How long the object may take to end, in seconds, once its deletion has begun.',
  deletionTimestamp: 'When the object is to be gone. Set by the server when somebody deletes it.',
  finalizers: 'Who has something left to do before the object may go; while there are any, it stays.',
  generateName: 'What a generated name begins with, if no name is given.',
  generation: 'Counts the changes of what is wanted.',
  labels: 'Labels sort objects: selectors choose by them.',
  managedFields: 'Who wrote which member last, for server-side apply.',
  name: 'Unique among the objects of its kind in a namespace; it never changes.',
  namespace: 'The space in which the name is unique; empty for what belongs to the whole cluster.',
  ownerReferences: 'Objects that this one depends upon: when all are gone, it is collected.',
  resourceVersion: 'The version of the object in the store, to be compared for equality only.',
  selfLink: 'Not set any more.',
  uid: 'Unique over time: an object of the same name that comes later has another.',
};
