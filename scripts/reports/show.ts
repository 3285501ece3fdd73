/** What of an answer a report looks at. */

export interface Answer {
  readonly status: number;
  readonly bytes: Buffer;
  readonly warnings: string;
}

const shown: Readonly<Record<string, (answer: Answer) => unknown>> = {
  status: ({ status }) => status,
  text: ({ bytes }) => bytes.toString(),
  line: ({ bytes }) => bytes.toString().split('\n')[0],
  bytes: ({ bytes }) => bytes.toString('hex'),
  records: ({ bytes }) => recordsOf(bytes.toString('latin1')),
  warnings: ({ warnings }) => warnings,
};

/** By a word of the table above, or by a path into the JSON of the answer. */
export function show(answer: Answer, what: string): unknown {
  const word = shown[what];
  if (word) return word(answer);
  try {
    return at(JSON.parse(answer.bytes.toString()), what.split('.'));
  } catch (error) {
    if (error instanceof SyntaxError) return answer.bytes.toString();
    throw error;
  }
}

/** Records of a container's log file without their times. */
function recordsOf(file: string): string[] {
  const records = file.split('\n').slice(0, -1);
  return records.map((record) => record.slice(record.indexOf(' ') + 1));
}

function at(value: unknown, path: readonly string[]): unknown {
  const [first, ...rest] = path;
  if (first === undefined) return value;
  if (first === '*') return Array.isArray(value) ? value.map((each) => at(each, rest)).sort() : undefined;
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, first)) return undefined;
  return at((value as Record<string, unknown>)[first], rest);
}

/** Of the members of an object only those that are asked for, at any depth. */
export function ofInterest(value: unknown, right: unknown): unknown {
  if (!isObject(value) || !isObject(right)) return value;
  return Object.fromEntries(Object.keys(right).map((name) => [name, ofInterest(value[name], right[name])]));
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
