import type { Readable } from 'node:stream';
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  paginateListObjectsV2,
  PutObjectCommand,
  S3ServiceException,
  type S3Client,
} from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { assertLinkLife, attachmentDisposition, type DownloadLink } from './download-link.js';
import { s3Client } from './s3-client.js';
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

/**
 * The bucket, as far as the current tenant may see it. Every key must be one of `tenantKey(…)` of the tenant in the
 * context: others are `storage.key_refused`. Connecting, each attempt and the number of attempts are bounded; what then
 * still fails is `storage.unavailable`. Nothing here may be called inside a unit of work.
 */
@Injectable()
export class ObjectStorage implements OnApplicationShutdown {
  private readonly client: S3Client;
  // Links are signed for the address that their users reach. It never sends anything.
  private readonly linkSigner: S3Client;

  constructor(@Inject(STORAGE_OPTIONS) private readonly options: StorageOptions) {
    this.client = s3Client(options, options.endpoint);
    this.linkSigner = s3Client(options, options.publicEndpoint);
  }

  /** Writes (or replaces) an object. @throws ObjectTooLarge above {@link OBJECT_BYTES_MAX} */
  async put(key: string, body: Uint8Array, { contentType }: { readonly contentType: string }): Promise<void> {
    assertOwnKey(key);
    if (body.byteLength > OBJECT_BYTES_MAX) throw new ObjectTooLarge(body.byteLength, OBJECT_BYTES_MAX);
    const input = { ...this.at(key), Body: body, ContentLength: body.byteLength, ContentType: contentType };
    await this.asked(() => this.client.send(new PutObjectCommand(input)));
  }

  /** Opens an object for reading. @throws StoredObjectNotFound */
  async get(key: string): Promise<StoredObject> {
    assertOwnKey(key);
    const answer = await this.asked(() => this.client.send(new GetObjectCommand(this.at(key))));
    return { ...infoOf(answer), stream: answer.Body as Readable };
  }

  /** @throws StoredObjectNotFound */
  async head(key: string): Promise<ObjectInfo> {
    assertOwnKey(key);
    return infoOf(await this.asked(() => this.client.send(new HeadObjectCommand(this.at(key)))));
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
    await this.asked(() => this.client.send(new DeleteObjectCommand(this.at(key))));
  }

  /** The keys of the current tenant's objects below `tenantKey(...folder)`, in order of their bytes, page by page. */
  async *list(...folder: [string, ...string[]]): AsyncGenerator<string> {
    const input = { Bucket: this.options.bucket, Prefix: `${tenantKey(...folder)}/` };
    const pages = paginateListObjectsV2({ client: this.client }, input);
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
    const command = new GetObjectCommand({
      ...this.at(key),
      ResponseContentDisposition: attachmentDisposition(link.filename),
      ResponseContentType: link.contentType,
    });
    return getSignedUrl(this.linkSigner, command, { expiresIn: link.expiresInS });
  }

  /** Whether the bucket answers, for probes. @throws StorageUnavailable */
  async ping(): Promise<void> {
    try {
      await this.client.send(new HeadBucketCommand({ Bucket: this.options.bucket }));
    } catch (error) {
      throw new StorageUnavailable(error);
    }
  }

  /** Makes the bucket if it is missing. For development and tests; elsewhere the bucket is made by the operator. */
  async ensureBucket(): Promise<void> {
    const bucket = { Bucket: this.options.bucket };
    try {
      await this.client.send(new HeadBucketCommand(bucket));
    } catch (error) {
      if (statusOf(error) !== 404) throw new StorageUnavailable(error);
      await this.asked(() => this.client.send(new CreateBucketCommand(bucket)));
    }
  }

  onApplicationShutdown(): void {
    this.client.destroy();
    this.linkSigner.destroy();
  }

  private at(key: string): { Bucket: string; Key: string } {
    return { Bucket: this.options.bucket, Key: key };
  }

  private async asked<T>(ask: () => Promise<T>): Promise<T> {
    try {
      return await ask();
    } catch (error) {
      // A missing bucket is the operator's fault, not a missing object.
      const missing = statusOf(error) === 404 && (error as Error).name !== 'NoSuchBucket';
      throw missing ? new StoredObjectNotFound() : new StorageUnavailable(error);
    }
  }
}

function statusOf(error: unknown): number | undefined {
  return error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined;
}

function infoOf(answer: { ContentType?: string; ContentLength?: number; LastModified?: Date }): ObjectInfo {
  return {
    contentType: answer.ContentType ?? 'application/octet-stream',
    lengthBytes: answer.ContentLength ?? 0,
    lastModified: answer.LastModified,
  };
}
