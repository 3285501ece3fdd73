/** A transcript as data: what is typed at a shell where kubectl speaks to one cluster, and what came back. */

/** One command line. A plain text in the files is a step with `run` alone. */
export interface Step {
  /** For `sh`, in the case's folder; `$NAMESPACE` is the case's namespace. */
  readonly run: string;
  /** Standard input; none when absent. */
  readonly input?: string;
  /** Repeated until standard output matches; only the last time counts. */
  readonly until?: string;
  /** The command goes on by itself (`-w`, `-f`): ended as soon as its standard output matches. */
  readonly shows?: string;
  /** Played while the command runs: from its first output on, or after `pause`. */
  readonly meanwhile?: readonly Step[];
  /** Milliseconds to let pass before the command, and before `meanwhile` when there is no first output. */
  readonly pause?: number;
  /** Prepares the ground: has to succeed, is not compared. */
  readonly quiet?: boolean;
  /** The lines of standard output come in no promised order. */
  readonly sorted?: boolean;
}

export interface Case {
  readonly topic: string;
  /** It changes what all cases share (nodes): played after the others, by itself. */
  readonly alone?: boolean;
  readonly name: string;
  /** Resources and rules that it exercises. */
  readonly subjects: readonly string[];
  /** A namespace of its own, the kubeconfig's; the same on both clusters. */
  readonly namespace: string;
  /** Name to text, in the case's folder. */
  readonly files: Readonly<Record<string, string>>;
  readonly steps: readonly Step[];
}

/** What one command printed, and how it ended: the exit code, or `ended` for one that was ended. */
export interface Output {
  readonly command: string;
  readonly out: string;
  readonly err: string;
  readonly exit: number | 'ended';
  /** The lines of `out` come in no promised order. */
  readonly sorted?: boolean;
}
