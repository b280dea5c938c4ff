import { Injectable } from '@nestjs/common';
import { runInContext } from '#libs/context';
import { UnitOfWork } from '#libs/database';
import { TooManyAttempts } from './attempt.errors.js';
import { type AttemptPolicy, SignInAttempts } from './sign-in-attempts.repository.js';

/** What is guessed at. */
export type AttemptKind = 'password' | 'second-factor';

/**
 * NIST SP 800-63B-4, 3.2.2, allows 100 failures in a row. A password can be tried without knowing anything, so its locks
 * stay short: whoever locks somebody else out does so for minutes. A code can be tried by those alone who know the
 * password, and has six digits, so its locks grow to a day.
 */
const POLICIES: Readonly<Record<AttemptKind, AttemptPolicy>> = {
  password: { failuresMax: 10, lockS: 60, lockMaxS: 900 },
  'second-factor': { failuresMax: 5, lockS: 300, lockMaxS: 86_400 },
};

const PRUNED_AT_ONCE = 5;

/**
 * Bounds guessing at one account, from however many addresses. Counts what was typed, never asking whether there is such an
 * account: neither answer nor statements tell. Kept in PostgreSQL, so that a lost Redis gives nobody new attempts.
 */
@Injectable()
export class AttemptLimits {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly attempts: SignInAttempts,
  ) {}

  /**
   * Takes one attempt, before it is looked at: of many at once, no more than the limit are looked at. Durable whatever
   * becomes of the request, in a unit of work of its own; call it before the caller's begins.
   * @throws TooManyAttempts
   */
  async take(kind: AttemptKind, account: string): Promise<void> {
    const subject = `${kind}:${account}`;
    const lockedForS = await runInContext({ unitOfWork: undefined }, () =>
      this.unitOfWork.run(async () => {
        await this.attempts.prune(PRUNED_AT_ONCE);
        if (await this.attempts.count(subject, POLICIES[kind])) return 0;
        return this.attempts.lockedForS(subject);
      }),
    );
    if (lockedForS > 0) throw new TooManyAttempts(lockedForS);
  }

  /** The attempt was right: what failed before it is forgotten. Joins the open unit of work. */
  async clear(kind: AttemptKind, account: string): Promise<void> {
    await this.unitOfWork.run(() => this.attempts.clear(`${kind}:${account}`));
  }
}
