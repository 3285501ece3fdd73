/**
 * For scripts that have started something, or write files at their end: when the reader of their output has gone (`|
 * head`), they go on to their end unheard, instead of crashing with EPIPE in the middle.
 */
import { whenReaderGone } from './cli/ending/readers.ts';

whenReaderGone(() => undefined);
