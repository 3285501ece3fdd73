/** A fault put into Fabric's own source on purpose, to see whether the scenarios notice. */
export interface Mutation {
  readonly name: string;
  /** What the broken Fabric does. */
  readonly description: string;
  /** Path from the package's folder. */
  readonly file: string;
  /** Must stand in the file exactly once. */
  readonly find: string;
  readonly replace: string;
  /** Scenarios of which at least one must judge false. */
  readonly caughtBy: readonly string[];
}

export class MutationError extends Error {
  override readonly name = 'MutationError';
  readonly mutation: string;

  constructor(mutation: Mutation, found: number) {
    super(
      `mutation ${mutation.name}: its text stands ${found} times in ${mutation.file}, not once: bring harness/mutations/catalogue.ts up to date`,
    );
    this.mutation = mutation.name;
  }
}

/** The source with the fault in it; throws a MutationError when the place is not there exactly once. */
export function mutate(mutation: Mutation, source: string): string {
  const parts = source.split(mutation.find);
  if (parts.length !== 2) throw new MutationError(mutation, parts.length - 1);
  return parts.join(mutation.replace);
}
