/** Cases count for the resources that they touch, and for nothing that nobody serves. */
import { expect, test } from 'vitest';
import { subjectsOf } from './subjects.ts';

const about = (...sends: string[]) =>
  subjectsOf({
    topic: 't',
    name: 'n',
    namespace: 'here',
    variables: { kind: 'jobs' },
    steps: sends.map((send) => ({ send })),
  });

test.each([
  ['GET /api/v1/namespaces/{ns}/pods/a/status', ['pods']],
  ['GET /api/v1/pods?watch=true', ['pods']],
  ['POST /apis/batch/v1/namespaces/{ns}/{kind}', ['jobs.batch']],
  ['PUT /api/v1/namespaces/{ns}/finalize', ['namespaces']],
  ['GET /apis/fidelity.example.com/v1/widgets', ['(custom resources)']],
  ['GET /apis/batch/v1', ['(discovery)']],
  ['GET /openapi/v3/apis/batch/v1', ['(OpenAPI)']],
  ['GET /api/v1/nothings', []],
  ['GET /apis/batch/v1/pods', []],
])('%s', (send, subjects) => {
  expect(about(send)).toEqual(subjects);
});
