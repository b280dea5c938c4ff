import { randomInt } from 'node:crypto';
import { hashOpaqueToken } from '#libs/auth';

/** So many are handed out at a time. */
export const RECOVERY_CODES = 10;

/** Crockford's: nothing that is taken for something else when it is read from paper. */
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
const GROUPS = 4;
const GROUP_LENGTH = 4;

/** 80 random bits in four groups, e.g. `k3v9-0d1x-…`: too many to guess, so a fast hash keeps them. */
export function newRecoveryCodes(): string[] {
  return Array.from({ length: RECOVERY_CODES }, () => Array.from({ length: GROUPS }, newGroup).join('-'));
}

/** The hash under which a code is kept. Case, blanks and hyphens do not matter. */
export function hashRecoveryCode(code: string): string {
  const plain = code.toLowerCase().replaceAll(/[\s-]/g, '').replaceAll('o', '0').replaceAll(/[il]/g, '1');
  return hashOpaqueToken(`recovery:${plain}`);
}

function newGroup(): string {
  return Array.from({ length: GROUP_LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');
}
