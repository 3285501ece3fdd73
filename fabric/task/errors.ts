/** The refusal of a Task: every fault at once, each with the path of its field. */

export interface TaskIssue {
  /** `metadata.name`, `spec.payload`, `spec.environment[A B]`. */
  readonly path: string;
  /** What was given, why it is wrong and what to do, readable without the path. */
  readonly message: string;
}

/** Thrown when a Task cannot become a Job or CronJob. Nothing has been made. */
export class TaskError extends Error {
  override readonly name = 'TaskError';
  /** At least one, in the order of the fields. */
  readonly issues: readonly TaskIssue[];

  constructor(issues: readonly TaskIssue[]) {
    super(issues.map((issue) => `${issue.path}: ${issue.message}`).join('; '));
    this.issues = issues;
  }
}
