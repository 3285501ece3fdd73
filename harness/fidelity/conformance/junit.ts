/**
 * Reads what is needed of the JUnit report that `e2e.test --report-dir` writes: its tests, not its set-up, and none
 * that was skipped.
 */
export interface TestReport {
  /** As in Kubernetes' list of conformance tests, without labels. */
  readonly name: string;
  readonly passed: boolean;
  /** Ginkgo's first message when it failed. */
  readonly failure?: string;
}

const TEST_CASE =
  /<testcase name="\[It\] ([^"]*)"[^>]* status="(?!skipped|pending)(\w+)"[^>]*?(?:\/>|>([\s\S]*?)<\/testcase>)/g;
const SET_UP =
  /<testcase name="\[(?!It\])([^"]*)"[^>]* status="(?:failed|panicked|timedout|interrupted)"[^>]*>([\s\S]*?)<\/testcase>/g;
/** The message stands in the attribute or, as `e2e.test` writes it, in the text. */
const FAILURE = /<(?:failure|error) message="([^"]*)"[^>]*>([^<]*)/;

/** In the order of the report. */
export function readTests(xml: string): TestReport[] {
  return [...xml.matchAll(TEST_CASE)].map(([, name = '', status, inside = '']) => {
    if (status === 'passed') return { name: unescaped(name), passed: true };
    return { name: unescaped(name), passed: false, failure: failureIn(inside) ?? `ended as ${status}` };
  });
}

/** Why no test was begun: the first part of the set-up that failed. */
export function failedSetUp(xml: string): string | undefined {
  const [first] = xml.matchAll(SET_UP);
  return first && `[${unescaped(first[1] ?? '')}: ${failureIn(first[2] ?? '') ?? 'failed'}`;
}

function failureIn(inside: string): string | undefined {
  const [, message = '', text = ''] = FAILURE.exec(inside) ?? [];
  const failure = unescaped(message || text)
    .replace(/^\[FAILED\] /, '')
    .trim();
  return failure === '' ? undefined : failure;
}

const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

function unescaped(text: string): string {
  return text.replaceAll(/&(?:#x([0-9a-fA-F]+)|#(\d+)|(\w+));/g, (whole, hex, decimal, name) => {
    if (hex !== undefined) return String.fromCodePoint(Number.parseInt(hex, 16));
    if (decimal !== undefined) return String.fromCodePoint(Number(decimal));
    return ENTITIES[name] ?? whole;
  });
}
