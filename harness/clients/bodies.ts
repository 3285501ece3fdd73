/** Bodies of requests as the clients write them. */
import { documentOf, type FormPart, type Step } from './recording.ts';
import { filled, type Words } from './words.ts';

const boundary = 'a-boundary-of-the-sdk';

export function bodyOf(
  { json, text, file, form, type }: Partial<Step>,
  words: Words,
): { readonly body?: string; readonly type?: string } {
  if (form) return { body: formOf(form), type: `multipart/form-data; boundary=${boundary}` };
  if (text !== undefined) return { body: text, type: type ?? 'application/octet-stream' };
  const document = file === undefined ? json : documentOf(file);
  return document === undefined ? {} : { body: JSON.stringify(filled(document, words)), type: 'application/json' };
}

function formOf(parts: readonly FormPart[]): string {
  const lines = parts.flatMap(({ name, filename, type, text }) => [
    `--${boundary}`,
    `Content-Disposition: form-data; name="${name}"${filename === undefined ? '' : `; filename="${filename}"`}`,
    ...(type === undefined ? [] : [`Content-Type: ${type}`]),
    '',
    text,
  ]);
  return [...lines, `--${boundary}--`, ''].join('\r\n');
}
