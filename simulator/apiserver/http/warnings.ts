/**
 * Warnings as headers. Of many, or long ones, only the beginnings are sent, so that the head of an answer stays of a
 * size that clients take. Upstream: apiserver endpoints/filters/warning.go (recorder.AddWarning), apimachinery util/net
 * NewWarningHeader.
 */
import { headerText } from '../../../world/network.ts';

/** Characters of all texts together from which on each of them is cut. */
const wholeCharactersMax = 4096;
const cutCharacters = 256;

/**
 * The values of the Warning headers for these texts, each of them once. A text with control characters is no header: it
 * is not sent.
 */
export function warningHeaders(texts: readonly string[]): string[] {
  const headers: string[] = [];
  let written = 0;
  const distinct = [...new Set(texts)];
  const total = distinct.filter(isSendable).reduce((sum, text) => sum + lengthOf(text), 0);
  if (total <= wholeCharactersMax) return distinct.filter(isSendable).map(warningHeader);
  for (const text of distinct) {
    if (written >= wholeCharactersMax) break;
    const cut = [...text].slice(0, cutCharacters).join('');
    if (!isSendable(cut)) continue;
    written += lengthOf(cut);
    headers.push(warningHeader(cut));
  }
  return headers;
}

/** One Warning header's value. */
export function warningHeader(text: string): string {
  return headerText(`299 - "${text.toWellFormed().replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`);
}

function isSendable(text: string): boolean {
  return text !== '' && !/\p{Cc}/u.test(text);
}

function lengthOf(text: string): number {
  return [...text].length;
}
