/**
 * Chapters that comments and documents cite (`semantics 2.5`, `contract 3.4`): each is a heading of the document in
 * docs/.
 */
import type { Finding, Source } from './source.ts';

export const citedDocuments = {
  semantics: 'docs/kubernetes/semantics.md',
  contract: 'docs/contract/gateway-api.md',
} as const;

type CitedDocument = keyof typeof citedDocuments;

export type Chapters = Readonly<Record<CitedDocument, ReadonlySet<string>>>;

const HEADING = /^#+ (\d+(?:\.\d+)*)\.? /gm;
/**
 * The first number counts as it is; those behind it only with a point, or `semantics 2.5, 8 cases` would cite a chapter
 * 8.
 */
const CITATION = /\b(semantics|contract) §?(\d+(?:\.\d+)*)((?:, (?:and )?\d+(?:\.\d+)+)*)/g;

/** Numbers of the chapters of a document in Markdown. */
export function chaptersOf(text: string): ReadonlySet<string> {
  return new Set([...text.matchAll(HEADING)].map(([, number = '']) => number));
}

export function citations({ path, text }: Source, chapters: Chapters): Finding[] {
  return [...text.matchAll(CITATION)].flatMap((match) => {
    const [, document = 'semantics', first = '', others = ''] = match;
    const cited = document as CitedDocument;
    const numbers = [first, ...(others.match(/\d+(?:\.\d+)+/g) ?? [])];
    return numbers
      .filter((number) => !chapters[cited].has(number))
      .map((number) => ({
        path,
        line: text.slice(0, match.index).split('\n').length,
        message: `${citedDocuments[cited]} has no chapter ${number}`,
      }));
  });
}
