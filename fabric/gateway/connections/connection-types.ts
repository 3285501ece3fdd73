/**
 * Kinds of connections that skills of the field open, and the parameters of each. The gateway itself opens none: the
 * table is what `connections list-types` shows, and a connection may be of a type that is not in it.
 */

export interface ConnectionType {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly parameters: readonly ConnectionParameter[];
}

export interface ConnectionParameter {
  readonly name: string;
  readonly title: string;
  readonly type: 'String' | 'Integer' | 'Boolean';
  readonly required: boolean;
  /** Its value belongs into a secret: `#SECURE.<key>`. */
  readonly secure: boolean;
}

const text = (name: string, title: string, required = true): ConnectionParameter => ({
  name,
  title,
  type: 'String',
  required,
  secure: false,
});
const secret = (name: string, title: string, required = true): ConnectionParameter => ({
  ...text(name, title, required),
  secure: true,
});

export const connectionTypes: readonly ConnectionType[] = [
  {
    name: 'gcs',
    title: 'Google Cloud Storage',
    description: 'A bucket of Google Cloud Storage',
    parameters: [text('bucket', 'Bucket'), secret('serviceAccountKey', 'Key of the service account, JSON')],
  },
  {
    name: 'hive',
    title: 'Hive',
    description: 'A database of Apache Hive',
    parameters: [text('uri', 'JDBC address'), text('username', 'User', false), secret('password', 'Password', false)],
  },
  {
    name: 'jdbc_generic',
    title: 'JDBC',
    description: 'A database by a JDBC driver',
    parameters: [
      text('uri', 'JDBC address'),
      text('classname', 'Class of the driver'),
      text('username', 'User', false),
      secret('password', 'Password', false),
    ],
  },
  {
    name: 'mongo',
    title: 'MongoDB',
    description: 'A database of MongoDB',
    parameters: [secret('uri', 'Address, with its credentials'), text('database', 'Database', false)],
  },
  {
    name: 's3',
    title: 'S3',
    description: 'A bucket of Amazon S3 or of a service that speaks its language',
    parameters: [
      text('uri', 'Address of the service', false),
      text('bucket', 'Bucket'),
      secret('publicKey', 'Access key'),
      secret('secretKey', 'Secret key'),
    ],
  },
  {
    name: 's3FileStream',
    title: 'File in S3',
    description: 'One file in S3, read as a stream',
    parameters: [
      text('uri', 'Address of the file, s3://bucket/key'),
      secret('publicKey', 'Access key'),
      secret('secretKey', 'Secret key'),
    ],
  },
];
