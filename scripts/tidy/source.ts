/** What rules look at, and what they find. */

export interface Source {
  /** Path from the root, with `/`. */
  readonly path: string;
  readonly text: string;
}

export interface Finding {
  readonly path: string;
  readonly line: number;
  readonly message: string;
}

export function isTest(path: string): boolean {
  return /\.(?:test|fixture)\.ts$/.test(path) || /(?:^|\/)testing(?:\/|\.ts$)/.test(path);
}
