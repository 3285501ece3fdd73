/**
 * The few operations of S3 that managed content needs, each with a deadline, over the `minio` client. Names are those
 * of `names.ts`.
 */
import { Client, S3Error } from 'minio';
import { deadlineSignal } from '../../../../world/clock.ts';
import type { World } from '../../../../world/world.ts';
import { Problem } from '../../../http/index.ts';
import { type BucketAddress, shownAddress } from './address.ts';

/** How long one request may take, ms; a part of 8 MiB fits on a slow line. */
const REQUEST_DEADLINE_MS = 60_000;
const KEYS_A_PAGE = 1_000;
const UNAVAILABLE = new Set([
  'SlowDown',
  'ServiceUnavailable',
  'InternalError',
  'XMinioServerNotInitialized',
  'RequestTimeout',
]);

/** As MinIO and those who imitate it call it; Amazon's own is never full. */
const FULL = new Set(['XMinioStorageFull', 'XMinioAdminBucketQuotaExceeded', 'QuotaExceeded', 'InsufficientStorage']);

const ABSENT = new Set(['NotFound', 'NoSuchKey', 'PreconditionFailed']);

type LifecycleRule = NonNullable<Exclude<Parameters<Client['setBucketLifecycle']>[1], ''>>['Rule'][number];

export class BlobsAwayError extends Problem {
  override readonly name = 'BlobsAwayError';

  constructor(where: string, cause: unknown) {
    super(
      503,
      'blobs-away',
      `the object store at ${where} does not answer: ${cause instanceof Error ? cause.message : String(cause)}`,
    );
    this.cause = cause;
  }
}

/** What an object is stored with. */
export interface ObjectFacts {
  readonly contentType: string;
  /** Kept beside the object; ASCII. */
  readonly metadata: Readonly<Record<string, string>>;
  /** Days after which the bucket itself may remove it; undefined for never. */
  readonly days: number | undefined;
}

export interface StoredObject {
  readonly sizeBytes: number;
  readonly contentType: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly etag: string;
  /** Epoch ms, whole seconds. */
  readonly modifiedAt: number;
}

export interface ListedObject {
  readonly name: string;
  readonly sizeBytes: number;
  /** Epoch ms. */
  readonly modifiedAt: number;
}

export interface UnfinishedUpload {
  readonly name: string;
  readonly id: string;
  /** Epoch ms of the server's clock. */
  readonly begunAt: number;
}

export interface TaggedText {
  readonly text: string;
  readonly tag: string;
}

export interface UploadedPart {
  readonly part: number;
  readonly etag: string;
}

export class Bucket {
  /** Ids of the uploads that this process has under way. */
  readonly #underWay = new Set<string>();
  readonly #world: World;
  readonly #address: BucketAddress;
  readonly #client: Client;

  constructor(world: World, address: BucketAddress) {
    this.#world = world;
    this.#address = address;
    const { host: endPoint, port, tls: useSSL, accessKey, secretKey, region } = address;
    this.#client = new Client({ endPoint, port, useSSL, accessKey, secretKey, region, pathStyle: true });
  }

  async makeIfMissing(): Promise<void> {
    const { bucket, region } = this.#address;
    await this.#ask(async () => {
      if (!(await this.#client.bucketExists(bucket))) await this.#client.makeBucket(bucket, region);
    });
  }

  /** Objects with the tag `fabric-expiry=N` are removed after N days. Rules of others stay. */
  async expireByTag(days: readonly number[]): Promise<void> {
    const present = await this.#ask(() => this.#client.getBucketLifecycle(this.#address.bucket)).catch(none);
    const others = [present?.Rule ?? []].flat().filter(({ ID }) => !ID.startsWith('fabric-expiry-'));
    const own = days.map((each) => ({
      ID: `fabric-expiry-${each}`,
      Status: 'Enabled',
      // The client's types know a list of tags here, which makes a form that S3 refuses.
      Filter: { Tag: { Key: 'fabric-expiry', Value: String(each) } } as unknown as LifecycleRule['Filter'],
      Expiration: { Days: each },
    }));
    await this.#ask(() => this.#client.setBucketLifecycle(this.#address.bucket, { Rule: [...others, ...own] }));
  }

  async put(name: string, bytes: Buffer, facts: ObjectFacts): Promise<string> {
    return this.#ask(async () => {
      const answer = await this.#client.makeRequestAsync(
        { method: 'PUT', ...this.#at(name), headers: headersOf(facts) },
        bytes,
      );
      answer.resume();
      return String(answer.headers.etag);
    });
  }

  /** Undefined when there is none. */
  async head(name: string): Promise<StoredObject | undefined> {
    return this.#askFor(async () => {
      const { size, metaData, etag, lastModified } = await this.#client.statObject(
        this.#address.bucket,
        this.#name(name),
      );
      const { 'content-type': contentType = 'application/octet-stream', ...metadata } = metaData as Record<
        string,
        string
      >;
      return { sizeBytes: size, contentType, metadata, etag: `"${etag}"`, modifiedAt: lastModified.getTime() };
    });
  }

  /**
   * The bytes [start, end) as they come; undefined when there is none, or no longer the one with that tag. The answer
   * has begun when this resolves.
   */
  async read(name: string, start: number, end: number, etag?: string): Promise<AsyncIterable<Buffer> | undefined> {
    const headers = { range: `bytes=${start}-${end - 1}`, ...(etag === undefined ? {} : { 'if-match': etag }) };
    return this.#askFor(() =>
      this.#client.makeRequestAsync({ method: 'GET', ...this.#at(name), headers }, '', [200, 206]),
    );
  }

  /** All objects whose name begins so, by name in UTF-8 byte order. */
  async *list(beginning: string): AsyncGenerator<ListedObject> {
    const { bucket, prefix } = this.#address;
    for (let token = '', isOver = false; !isOver; ) {
      const page = await this.#ask(() =>
        this.#client.listObjectsV2Query(bucket, prefix + beginning, token, '', KEYS_A_PAGE, ''),
      );
      for (const { name = '', size = 0, lastModified } of page.objects) {
        yield { name: name.slice(prefix.length), sizeBytes: size, modifiedAt: new Date(lastModified ?? 0).getTime() };
      }
      token = page.nextContinuationToken;
      isOver = !page.isTruncated;
    }
  }

  /** Undefined when there is none. */
  async readText(name: string): Promise<TaggedText | undefined> {
    return this.#askFor(async () => {
      const answer = await this.#client.makeRequestAsync({ method: 'GET', ...this.#at(name) }, '');
      const chunks: Buffer[] = [];
      for await (const chunk of answer) chunks.push(chunk);
      return { text: Buffer.concat(chunks).toString('utf8'), tag: String(answer.headers.etag) };
    });
  }

  /**
   * Writes the object if it still has that tag, or is not there when `tag` is undefined; undefined when it has another
   * one.
   */
  async writeTextIf(name: string, text: string, tag: string | undefined): Promise<string | undefined> {
    const headers = tag === undefined ? { 'if-none-match': '*' } : { 'if-match': tag };
    return this.#askFor(async () => {
      const answer = await this.#client.makeRequestAsync({ method: 'PUT', ...this.#at(name), headers }, text);
      answer.resume();
      return String(answer.headers.etag);
    });
  }

  /** Uploads in parts that were begun and neither completed nor aborted. */
  async unfinishedUploads(): Promise<UnfinishedUpload[]> {
    const { prefix } = this.#address;
    const found = await this.#unfinishedUnder(prefix);
    // MinIO lists those of one object by its whole name, or all of the bucket.
    const all = found.length > 0 || prefix === '' ? found : await this.#unfinishedUnder('');
    return all
      .filter(({ name }) => name.startsWith(prefix))
      .map((each) => ({ ...each, name: each.name.slice(prefix.length) }));
  }

  async #unfinishedUnder(prefix: string): Promise<UnfinishedUpload[]> {
    const found: UnfinishedUpload[] = [];
    for (let keyMarker = '', idMarker = '', isOver = false; !isOver; ) {
      const page = await this.#ask(() =>
        this.#client.listIncompleteUploadsQuery(this.#address.bucket, prefix, keyMarker, idMarker, ''),
      );
      for (const { key, uploadId, initiated } of page.uploads) {
        found.push({ name: key, id: uploadId, begunAt: new Date(initiated).getTime() });
      }
      keyMarker = page.nextKeyMarker;
      idMarker = page.nextUploadIdMarker;
      isOver = !page.isTruncated;
    }
    return found;
  }

  /** Objects that are not there are fine. */
  async remove(names: readonly string[]): Promise<void> {
    for (let from = 0; from < names.length; from += KEYS_A_PAGE) {
      const some = names.slice(from, from + KEYS_A_PAGE).map((name) => this.#name(name));
      await this.#ask(() => this.#client.removeObjects(this.#address.bucket, some));
    }
  }

  /** Copies on the server. */
  async copy(from: string, to: string, facts: ObjectFacts): Promise<void> {
    await this.#ask(async () => {
      const headers = {
        ...headersOf(facts),
        'x-amz-metadata-directive': 'REPLACE',
        'x-amz-copy-source': this.#source(from),
      };
      (await this.#client.makeRequestAsync({ method: 'PUT', ...this.#at(to), headers }, '')).resume();
    });
  }

  async beginUpload(name: string, facts: ObjectFacts): Promise<string> {
    const id = await this.#ask(() =>
      this.#client.initiateNewMultipartUpload(this.#address.bucket, this.#name(name), headersOf(facts)),
    );
    this.#underWay.add(id);
    return id;
  }

  isUnderWay(upload: string): boolean {
    return this.#underWay.has(upload);
  }

  async uploadPart(name: string, upload: string, part: number, bytes: Buffer): Promise<UploadedPart> {
    const config = { ...this.#at(name), uploadID: upload, partNumber: part, headers: {} };
    return this.#ask(() => this.#client.uploadPart(config, bytes));
  }

  /** A whole object, on the server; at least 5 MiB unless it is the last part. */
  async copyPart(name: string, upload: string, part: number, from: string): Promise<UploadedPart> {
    const headers = { 'x-amz-copy-source': this.#source(from) };
    return this.#ask(() => this.#client.uploadPart({ ...this.#at(name), uploadID: upload, partNumber: part, headers }));
  }

  async completeUpload(name: string, upload: string, parts: readonly UploadedPart[]): Promise<void> {
    const { bucket } = this.#address;
    await this.#ask(() => this.#client.completeMultipartUpload(bucket, this.#name(name), upload, [...parts]));
    this.#underWay.delete(upload);
  }

  /** When that fails, it is swept later as one that nobody has under way. */
  async abortUpload(name: string, upload: string): Promise<void> {
    this.#underWay.delete(upload);
    await this.#ask(() => this.#client.abortMultipartUpload(this.#address.bucket, this.#name(name), upload));
  }

  #at(name: string): { bucketName: string; objectName: string } {
    return { bucketName: this.#address.bucket, objectName: this.#name(name) };
  }

  #name(name: string): string {
    return this.#address.prefix + name;
  }

  #source(name: string): string {
    return `${this.#address.bucket}/${this.#name(name).split('/').map(encodeURIComponent).join('/')}`;
  }

  async #askFor<T>(request: () => Promise<T>): Promise<T | undefined> {
    try {
      return await this.#ask(request);
    } catch (error) {
      if (error instanceof S3Error && ABSENT.has(String(error.code))) return undefined;
      throw error;
    }
  }

  async #ask<T>(request: () => Promise<T>): Promise<T> {
    const deadline = deadlineSignal(this.#world.clock, REQUEST_DEADLINE_MS, 'a request to the object store');
    const late = new Promise<never>((_, reject) => {
      deadline.signal.addEventListener('abort', () =>
        reject(new BlobsAwayError(shownAddress(this.#address), deadline.signal.reason)),
      );
    });
    try {
      return await Promise.race([request(), late]);
    } catch (error) {
      if (error instanceof S3Error && FULL.has(String(error.code))) throw full(error);
      throw isAway(error) ? new BlobsAwayError(shownAddress(this.#address), error) : error;
    } finally {
      deadline.clear();
    }
  }
}

function full(error: S3Error): Problem {
  return new Problem(507, 'disk-full', `disk full: the object store has no room for it: ${error.message}`);
}

function none(error: unknown): undefined {
  if (error instanceof S3Error && error.code === 'NoSuchLifecycleConfiguration') return undefined;
  throw error;
}

/** Errors of the connection have a `code` of the system's; S3's own say what they are. */
function isAway(error: unknown): boolean {
  if (error instanceof S3Error) return UNAVAILABLE.has(String(error.code));
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && /^E[A-Z]+$/.test(error.code);
}

function headersOf({ contentType, metadata, days }: ObjectFacts): Record<string, string> {
  const named = Object.entries(metadata).map(([name, value]) => [`x-amz-meta-${name}`, value] as const);
  return {
    'content-type': contentType,
    ...Object.fromEntries(named),
    ...(days === undefined ? {} : { 'x-amz-tagging': `fabric-expiry=${days}` }),
  };
}
