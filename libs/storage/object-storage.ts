import type { Readable } from 'node:stream';
import type { S3Client } from '@aws-sdk/client-s3';
import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { assertLinkLife, attachmentDisposition, type DownloadLink } from './download-link.js';
import { ObjectTooLarge, StorageUnavailable, StoredObjectNotFound } from './storage.errors.js';
import { STORAGE_OPTIONS, type StorageOptions } from './storage.options.js';
import { assertOwnKey, tenantKey } from './tenant-key.js';

/** The largest object that is put in one piece: 32 MiB. */
export const OBJECT_BYTES_MAX = 32 * 1024 * 1024;

/** What is known of an object without reading it. */
export interface ObjectInfo {
  readonly contentType: string;
  readonly lengthBytes: number;
  readonly lastModified: Date | undefined;
}

/** An object being read. Read the stream to its end or destroy it: it holds a connection. */
export interface StoredObject extends ObjectInfo {
  readonly stream: Readable;
}

interface OpenedStorage {
  readonly s3: typeof import('./s3.js');
  readonly client: S3Client;
  /** Links are signed for the address that their users reach. It never sends anything. */
  readonly linkSigner: S3Client;
}

/**
 * The bucket, as far as the current tenant may see it. Every key must be one of `tenantKey(…)` of the tenant in the
 * context: others are `storage.key_refused`. Connecting, each attempt and the number of attempts are bounded; what then
 * still fails is `storage.unavailable`. Nothing here may be called inside a unit of work.
 */
@Injectable()
export class ObjectStorage implements OnApplicationShutdown {
  private opened: Promise<OpenedStorage> | undefined;

  constructor(@Inject(STORAGE_OPTIONS) private readonly options: StorageOptions) {}

  /** Writes (or replaces) an object. @throws ObjectTooLarge above {@link OBJECT_BYTES_MAX} */
  async put(key: string, body: Uint8Array, { contentType }: { readonly contentType: string }): Promise<void> {
    assertOwnKey(key);
    if (body.byteLength > OBJECT_BYTES_MAX) throw new ObjectTooLarge(body.byteLength, OBJECT_BYTES_MAX);
    const input = { ...this.at(key), Body: body, ContentLength: body.byteLength, ContentType: contentType };
    await this.asked(({ s3, client }) => client.send(new s3.PutObjectCommand(input)));
  }

  /** Opens an object for reading. @throws StoredObjectNotFound */
  async get(key: string): Promise<StoredObject> {
    assertOwnKey(key);
    const answer = await this.asked(({ s3, client }) => client.send(new s3.GetObjectCommand(this.at(key))));
    return { ...infoOf(answer), stream: answer.Body as Readable };
  }

  /** @throws StoredObjectNotFound */
  async head(key: string): Promise<ObjectInfo> {
    assertOwnKey(key);
    return infoOf(await this.asked(({ s3, client }) => client.send(new s3.HeadObjectCommand(this.at(key)))));
  }

  async exists(key: string): Promise<boolean> {
    try {
      await this.head(key);
      return true;
    } catch (error) {
      if (error instanceof StoredObjectNotFound) return false;
      throw error;
    }
  }

  /** Deletes an object; one that does not exist is deleted already. */
  async delete(key: string): Promise<void> {
    assertOwnKey(key);
    await this.asked(({ s3, client }) => client.send(new s3.DeleteObjectCommand(this.at(key))));
  }

  /** The keys of the current tenant's objects below `tenantKey(...folder)`, in order of their bytes, page by page. */
  async *list(...folder: [string, ...string[]]): AsyncGenerator<string> {
    const input = { Bucket: this.options.bucket, Prefix: `${tenantKey(...folder)}/` };
    const { s3, client } = await this.open();
    const pages = s3.paginateListObjectsV2({ client }, input);
    for (;;) {
      const { value, done } = await this.asked(() => pages.next());
      if (done === true) return;
      for (const { Key } of value.Contents ?? []) if (Key !== undefined) yield Key;
    }
  }

  /**
   * A link by which anybody reads this one object until it expires; served as an attachment of exactly this name and
   * type. Whether the object exists is not looked at. @throws RangeError when `expiresInS` is not 1 to 900
   */
  async signedDownloadUrl(key: string, link: DownloadLink): Promise<string> {
    assertOwnKey(key);
    assertLinkLife(link.expiresInS);
    const { s3, linkSigner } = await this.open();
    const command = new s3.GetObjectCommand({
      ...this.at(key),
      ResponseContentDisposition: attachmentDisposition(link.filename),
      ResponseContentType: link.contentType,
    });
    return s3.getSignedUrl(linkSigner, command, { expiresIn: link.expiresInS });
  }

  /** Whether the bucket answers, for probes. @throws StorageUnavailable */
  async ping(): Promise<void> {
    const { s3, client } = await this.open();
    try {
      await client.send(new s3.HeadBucketCommand({ Bucket: this.options.bucket }));
    } catch (error) {
      throw new StorageUnavailable(error);
    }
  }

  /** Makes the bucket if it is missing. For development and tests; elsewhere the bucket is made by the operator. */
  async ensureBucket(): Promise<void> {
    const bucket = { Bucket: this.options.bucket };
    const { s3, client } = await this.open();
    try {
      await client.send(new s3.HeadBucketCommand(bucket));
    } catch (error) {
      if (s3.statusOf(error) !== 404) throw new StorageUnavailable(error);
      await this.asked(() => client.send(new s3.CreateBucketCommand(bucket)));
    }
  }

  async onApplicationShutdown(): Promise<void> {
    const opened = await this.opened;
    opened?.client.destroy();
    opened?.linkSigner.destroy();
  }

  /** When it is first needed: an api seldom speaks to it, and the SDK is a twentieth of a start and of the memory. */
  private open(): Promise<OpenedStorage> {
    this.opened ??= import('./s3.js').then((s3) => ({
      s3,
      client: s3.s3Client(this.options, this.options.endpoint),
      linkSigner: s3.s3Client(this.options, this.options.publicEndpoint),
    }));
    return this.opened;
  }

  private at(key: string): { Bucket: string; Key: string } {
    return { Bucket: this.options.bucket, Key: key };
  }

  private async asked<T>(ask: (opened: OpenedStorage) => Promise<T>): Promise<T> {
    const opened = await this.open();
    try {
      return await ask(opened);
    } catch (error) {
      // A missing bucket is the operator's fault, not a missing object.
      const missing = opened.s3.statusOf(error) === 404 && (error as Error).name !== 'NoSuchBucket';
      throw missing ? new StoredObjectNotFound() : new StorageUnavailable(error);
    }
  }
}

function infoOf(answer: { ContentType?: string; ContentLength?: number; LastModified?: Date }): ObjectInfo {
  return {
    contentType: answer.ContentType ?? 'application/octet-stream',
    lengthBytes: answer.ContentLength ?? 0,
    lastModified: answer.LastModified,
  };
}
