import { randomBytes } from 'node:crypto';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { hash, verify } from '@node-rs/argon2';
import { PasswordChecksBusy } from './auth.errors.js';

/** OWASP Password Storage Cheat Sheet: argon2id, m = 19 MiB, t = 2, p = 1. argon2id is the library's default. */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;
const COST_IN_HASH = `$argon2id$v=19$m=${COST.memoryCost},t=${COST.timeCost},p=${COST.parallelism}$`;

/** Hashes that run at once: each takes a thread of libuv's four and 19 MiB. */
const RUNNING_MAX = 2;
/** Hashes that wait: about 2 s of work. More are refused, so that a flood of sign-ins is no flood of memory. */
const WAITING_MAX = 100;

/** Hashes and checks passwords. At most two at a time in a process, whoever asks. */
@Injectable()
export class PasswordHasher implements OnModuleInit {
  private running = 0;
  private readonly waiting: (() => void)[] = [];
  private dummy: Promise<string> | undefined;

  /** Prepares what unknown users are checked against, so that the first of them does not take longer. */
  async onModuleInit(): Promise<void> {
    await this.dummyHash();
  }

  /** The PHC string to store. @throws PasswordChecksBusy */
  hash(password: string): Promise<string> {
    return this.inTurn(() => hash(password.normalize('NFKC'), COST));
  }

  /**
   * Whether the password is the one that was hashed. For `undefined`, a user that does not exist, it takes as long and
   * answers false: time must not tell who has an account.
   *
   * @throws PasswordChecksBusy
   */
  async verify(stored: string | undefined, password: string): Promise<boolean> {
    const against = stored ?? (await this.dummyHash());
    const matches = await this.inTurn(() => verify(against, password.normalize('NFKC')));
    return matches && stored !== undefined;
  }

  /** Whether the hash was made with other costs than today's: hash again when the password is at hand. */
  needsRehash(stored: string): boolean {
    return !stored.startsWith(COST_IN_HASH);
  }

  private dummyHash(): Promise<string> {
    this.dummy ??= hash(randomBytes(32).toString('hex'), COST);
    return this.dummy;
  }

  private async inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (this.running < RUNNING_MAX) this.running += 1;
    else await this.turn();
    try {
      return await work();
    } finally {
      const next = this.waiting.shift();
      // The place goes to the next one as it is, so that nobody can slip in between.
      if (next) next();
      else this.running -= 1;
    }
  }

  private turn(): Promise<void> {
    if (this.waiting.length >= WAITING_MAX) throw new PasswordChecksBusy();
    return new Promise((resolve) => this.waiting.push(resolve));
  }
}
