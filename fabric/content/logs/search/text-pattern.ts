/** A text to look for in bytes: as it is, or in letters of either case. Nothing of the bytes is decoded. */

export interface TextPattern {
  /** Bytes of the longest form of the text. */
  readonly bytesMaximum: number;
  /** Looks through bytes: each call finds where the text begins next, at or behind an index; -1 when nowhere. */
  within(bytes: Buffer): (from: number) => number;
}

/** The text must not be empty. `ignoreCase`: each letter also in its other case, as Unicode has it one by one. */
export function textPattern(text: string, ignoreCase = false): TextPattern {
  const forms = ignoreCase ? [...text].map(formsOf) : [];
  return forms.some((each) => each.length > 1) ? eitherCase(forms) : literal(Buffer.from(text));
}

function literal(needle: Buffer): TextPattern {
  return { bytesMaximum: needle.length, within: (bytes) => (from) => bytes.indexOf(needle, from) };
}

/** V8 compiles the forms to machine code: it looks at each byte about once, since none of them repeats anything. */
function eitherCase(forms: readonly (readonly Buffer[])[]): TextPattern {
  const source = forms.map((each) => `(?:${each.map(escaped).join('|')})`).join('');
  const pattern = new RegExp(source, 'g');
  return {
    bytesMaximum: forms.reduce((sum, each) => sum + Math.max(...each.map(({ length }) => length)), 0),
    within(bytes) {
      const text = bytes.toString('latin1');
      return (from) => {
        pattern.lastIndex = from;
        return pattern.exec(text)?.index ?? -1;
      };
    },
  };
}

/** A character in UTF-8, in its own case and the others; a case of several characters (SS for ß) is none. */
function formsOf(character: string): Buffer[] {
  const cases = [character, character.toLowerCase(), character.toUpperCase()];
  const single = cases.filter((each) => [...each].length === 1);
  return [...new Set(single)].map((each) => Buffer.from(each));
}

function escaped(bytes: Buffer): string {
  return [...bytes].map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('');
}
