/** Stores that outlive the run of `orrery up`: opened when they are asked for, their clients loaded only then. */
import type { Blobs } from '../../fabric/content/blobs/blobs.ts';
import type { Store } from '../../fabric/gateway/stores/store.ts';
import { lineLog } from '../../world/real/log.ts';
import { realWorld } from '../../world/real/world.ts';
import { type Count, countedBlobs, countedStore } from '../stores/counted.ts';

export interface StoreAddresses {
  /** `mongodb://...` */
  readonly store?: string;
  /** `s3://...`; credentials that it lacks come from FABRIC_S3_ACCESS_KEY and FABRIC_S3_SECRET_KEY. */
  readonly blobs?: string;
}

export interface OpenStores {
  /** What was opened, each operation counted. */
  countedBy(count: Count): { readonly store?: Store; readonly blobs?: Blobs };
  close(): Promise<void>;
}

/** All of Fabric waits while a database is looked for, ms. */
const SELECTION_DEADLINE_MS = 1_000;

export class StoreAddressError extends Error {
  override readonly name = 'StoreAddressError';
}

/** Rejects when an address is none, or nobody answers there. */
export async function openStores({ store, blobs }: StoreAddresses): Promise<OpenStores> {
  const records = store === undefined ? undefined : await openRecords(store);
  const objects = blobs === undefined ? undefined : await openObjects(blobs).catch(closing(records));
  return {
    countedBy: (count) => ({
      ...(records ? { store: countedStore(records, count) } : {}),
      ...(objects ? { blobs: countedBlobs(objects, count) } : {}),
    }),
    async close() {
      await records?.close();
      await objects?.close();
    },
  };
}

/** What was opened before the failure is not left open. */
function closing(records: Store | undefined): (error: unknown) => Promise<never> {
  return async (error) => {
    await records?.close();
    throw error;
  };
}

async function openRecords(url: string): Promise<Store> {
  if (!/^mongodb(\+srv)?:\/\//.test(url))
    throw new StoreAddressError(`--store: write mongodb://host:port/database, not ${url}`);
  const { openMongoStore } = await import('../../fabric/gateway/stores/mongodb/store.ts');
  const world = realWorld('gateway', lineLog('gateway', 'warn'));
  return openMongoStore({ world, url, selectionDeadlineMs: SELECTION_DEADLINE_MS });
}

async function openObjects(url: string): Promise<Blobs> {
  const { parseBucketAddress } = await import('../../fabric/content/blobs/s3/address.ts');
  const { openS3Blobs } = await import('../../fabric/content/blobs/s3/s3.ts');
  const { FABRIC_S3_ACCESS_KEY: accessKey, FABRIC_S3_SECRET_KEY: secretKey } = process.env;
  return openS3Blobs({
    world: realWorld('content', lineLog('content', 'warn')),
    address: addressIn('--blobs', () => parseBucketAddress(url, { accessKey, secretKey })),
  });
}

function addressIn<T>(option: string, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    throw new StoreAddressError(`${option}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
