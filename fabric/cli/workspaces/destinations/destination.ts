/** Where images of a workspace go, so that pods can run them. */
import type { BuiltAction } from '../workspace.ts';

export interface Destination {
  /** Whether it takes images, which are built first. */
  readonly takesImages: boolean;
  /** Resolves with the name under which pods find it. CommandError when it cannot be taken there. */
  publish(action: BuiltAction): Promise<string>;
}
