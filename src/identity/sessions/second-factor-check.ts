/** Somebody who has shown a first factor, and from where. */
export interface FirstFactor {
  readonly userId: string;
  /** The hash that the password matched; whoever goes on from here opens nothing if it is no longer the user's. */
  readonly passwordHash: string;
  /** How it was shown (RFC 8176). */
  readonly amr: readonly string[];
}

/** What the client must answer before it gets a session. */
export interface SecondFactorChallenge {
  /** Names the attempt; good for a short time, and for nothing else. */
  readonly challenge: string;
  /** How it can be answered. */
  readonly methods: readonly string[];
  readonly expiresInS: number;
}

/** Asked when a password was right, before a session is opened. The second-factor part of this capability is one. */
export abstract class SecondFactorCheck {
  /** Undefined when the user needs none. */
  abstract challengeFor(firstFactor: FirstFactor): Promise<SecondFactorChallenge | undefined>;
}
