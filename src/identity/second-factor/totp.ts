import { generateSecret, generateURI, verify } from 'otplib';

/** Seconds that one code is shown for (RFC 6238, 5.2). */
const PERIOD_S = 30;

/** Clocks of telephones may be this wrong, and people this slow: the code before and the one after are taken too. */
const TOLERANCE_S = PERIOD_S;

/** What a code of an authenticator looks like. */
export const TOTP_CODE = /^\d{6}$/;

/** A new secret: 160 random bits, base32. */
export function newTotpSecret(): string {
  return generateSecret();
}

/** What authenticators read from a QR code. */
export function totpUri(secret: string, company: string, email: string): string {
  return generateURI({ issuer: company, label: email, secret });
}

/** The step of time whose code this is; undefined when it is the code of none near `at`. */
export async function totpStep(secret: string, code: string, at: Date): Promise<number | undefined> {
  if (!TOTP_CODE.test(code)) return undefined;
  const epoch = Math.floor(at.getTime() / 1_000);
  const result = await verify({ secret, token: code, epoch, period: PERIOD_S, epochTolerance: TOLERANCE_S });
  return result.valid && 'timeStep' in result ? result.timeStep : undefined;
}
