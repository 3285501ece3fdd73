/**
 * What Kubernetes says of its types and their members. The texts are not in the project: whoever starts a server hands
 * in where they come from. Without them a document tells types and fields alone, and tables describe their columns in
 * our own words.
 */
export interface Prose {
  /** Changes with the texts: what clients cache carries it. */
  readonly name: string;
  /** Of a type (`io.k8s.api.batch.v1.JobSpec`), or of one of its members. */
  of(typeName: string, member?: string): string | undefined;
}

export const noProse: Prose = { name: '', of: () => undefined };
