/** Where a bucket is: `s3://KEY:SECRET@host:port/bucket/prefix?region=eu-1&tls=off`. */

export interface BucketAddress {
  readonly host: string;
  readonly port: number;
  readonly tls: boolean;
  readonly region: string;
  readonly accessKey: string;
  readonly secretKey: string;
  readonly bucket: string;
  /** Before the name of each object; empty, or ending in `/`. */
  readonly prefix: string;
}

export class BucketAddressError extends Error {
  override readonly name = 'BucketAddressError';

  constructor(why: string) {
    super(
      `${why}: write s3://KEY:SECRET@host:port/bucket, or without KEY:SECRET when the environment has them; ?region=R and ?tls=off may follow`,
    );
  }
}

export interface Credentials {
  readonly accessKey: string | undefined;
  readonly secretKey: string | undefined;
}

/** Reads the URL; `credentials` count where it has none. Throws BucketAddressError, which never shows a secret. */
export function parseBucketAddress(text: string, credentials: Credentials): BucketAddress {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol !== 's3:' || url.hostname === '') throw new BucketAddressError('this is no address of a bucket');
  const [bucket = '', ...rest] = url.pathname.slice(1).split('/').map(decodeURIComponent);
  if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(bucket))
    throw new BucketAddressError(`${JSON.stringify(bucket)} is no name of a bucket`);
  const accessKey = decodeURIComponent(url.username) || credentials.accessKey;
  const secretKey = decodeURIComponent(url.password) || credentials.secretKey;
  if (!accessKey || !secretKey) throw new BucketAddressError('there are no credentials');
  const tls = url.searchParams.get('tls') !== 'off';
  const prefix = rest.filter((part) => part !== '').join('/');
  return {
    host: url.hostname,
    port: url.port === '' ? (tls ? 443 : 80) : Number(url.port),
    tls,
    region: url.searchParams.get('region') ?? 'us-east-1',
    accessKey,
    secretKey,
    bucket,
    prefix: prefix === '' ? '' : `${prefix}/`,
  };
}

/** For messages: without credentials. */
export function shownAddress({ host, port, bucket }: BucketAddress): string {
  return `s3://${host}:${port}/${bucket}`;
}
