import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { AppConfig } from '#libs/config';
import { SecretUnreadable } from './secrets.errors.js';

const ALGORITHM = 'aes-256-gcm';
const IV_BYTES = 12;
const TAG_BYTES = 16;
const KEY_BYTES = 32;
const VERSION = 'v1';

/**
 * Keeps secrets that must be had again in the clear (hash what need not): AES-256-GCM under the first of ENCRYPTION_KEYS.
 * What an older key of the list has sealed still opens; seal it again, and that key can go.
 */
@Injectable()
export class SecretBox {
  constructor(private readonly config: AppConfig) {}

  /**
   * Seals a text.
   * @param place where it is kept, e.g. `totp:<tenant>:<user>`: copied to another place it does not open
   */
  seal(text: string, place: string): string {
    const [{ kid, key }] = this.config.encryptionKeys;
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv(ALGORITHM, key, iv).setAAD(associated(kid, place));
    const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
    return [VERSION, kid, iv.toString('base64url'), sealed.toString('base64url')].join('.');
  }

  /** The text that was sealed for this place. @throws SecretUnreadable when it was altered, moved, or its key is gone */
  open(sealed: string, place: string): string {
    const [version, kid = '', iv = '', rest = ''] = sealed.split('.');
    const key = this.config.encryptionKeys.find((known) => known.kid === kid)?.key;
    if (version !== VERSION || !key) throw new SecretUnreadable(`no key ${kid} in ENCRYPTION_KEYS`);
    const bytes = Buffer.from(rest, 'base64url');
    try {
      const decipher = createDecipheriv(ALGORITHM, key, Buffer.from(iv, 'base64url'), { authTagLength: TAG_BYTES });
      decipher.setAAD(associated(kid, place)).setAuthTag(bytes.subarray(-TAG_BYTES));
      return Buffer.concat([decipher.update(bytes.subarray(0, -TAG_BYTES)), decipher.final()]).toString('utf8');
    } catch (error) {
      throw new SecretUnreadable('it was altered, or sealed for another place', { cause: error });
    }
  }

  /** What everything begins with that the first key has sealed. */
  get currentPrefix(): string {
    return `${VERSION}.${this.config.encryptionKeys[0].kid}.`;
  }

  /** Whether the first key sealed it. What another one did is to be sealed again before that key is taken away. */
  isCurrent(sealed: string): boolean {
    return sealed.startsWith(this.currentPrefix);
  }

  /**
   * 32 bytes that nobody can make without the first key, and the same ones each time: a secret that has to be sent again
   * as it was, without being kept.
   */
  derive(purpose: string, name: string): Buffer {
    const [{ key }] = this.config.encryptionKeys;
    const purposeKey = Buffer.from(hkdfSync('sha256', key, '', `quoin:${purpose}`, KEY_BYTES));
    return createHmac('sha256', purposeKey).update(name).digest();
  }
}

function associated(kid: string, place: string): Buffer {
  return Buffer.from(`${VERSION}\0${kid}\0${place}`, 'utf8');
}
