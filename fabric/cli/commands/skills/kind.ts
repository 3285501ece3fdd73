/** What a skill is to the commands that all documents have. */
import type { DocumentKind } from '../../documents/kind.ts';

export const skillKind: DocumentKind = { area: 'skills', name: 'skill', title: 'Skill' };
