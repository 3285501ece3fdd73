/** The refusal of an insert under an `_id` that is taken. */
import { MongoServerError } from 'mongodb';

const duplicateKey = 11_000;

export function isDuplicate(error: unknown): boolean {
  return error instanceof MongoServerError && error.code === duplicateKey;
}
