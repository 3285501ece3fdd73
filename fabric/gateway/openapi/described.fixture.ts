/** Answers of the gateway held to its description. For tests, and for the fuzz. */
import { heldTo } from '../../openapi/held.fixture.ts';
import { allAreas } from '../routes/all.ts';
import { problem } from '../schemas/answers/common.ts';
import { operationsOf } from './operations.ts';
import { probes } from './probes.ts';

/** Keys, names behind a star, and names that stand before a fixed word. */
const takesSlashes = /\{key\}$|(?<=^\/internal\/.*)\{connection\}$|\{(?:agent|skill)\}(?=\/(?:services|inputs))/;

export const { operationFor, answerFaults } = heldTo([...operationsOf(allAreas), ...probes], problem, takesSlashes);
