/** A skill as it is kept. */
import type { Saved } from '../documents/documents.ts';
import type { SkillDocument } from '../schemas/skill.ts';
import type { Action } from './action.ts';

export interface SkillContent {
  /** As it was sent, normalized as clients read it back. */
  readonly document: SkillDocument;
  /** Those within the document, in the form that runtimes take. */
  readonly actions: readonly Action[];
}

export type Skill = Saved<SkillContent>;
