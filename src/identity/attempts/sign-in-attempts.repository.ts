import { Injectable } from '@nestjs/common';
import { currentTenant } from '#libs/context';
import { UnitOfWork } from '#libs/database';
import { uuidv7 } from '#libs/kernel';

/** How often a subject may fail. */
export interface AttemptPolicy {
  /** After every so many failures in a row the subject is locked. */
  readonly failuresMax: number;
  /** The first lock, seconds; each further one is twice as long, up to the maximum. */
  readonly lockS: number;
  readonly lockMaxS: number;
}

/** Failures are forgotten this long after the last one. */
const FORGOTTEN_AFTER = '24 hours';

/** Lower case as the database has it, or spellings that it takes for one account would be counted apart. */
const SUBJECT = `encode(sha256(convert_to(lower($1), 'UTF8')), 'hex')`;

const FORGOTTEN = `sign_in_attempt.last_at < now() - interval '${FORGOTTEN_AFTER}'`;
const FAILURES = `case when ${FORGOTTEN} then 1 else sign_in_attempt.failures + 1 end`;

const COUNT = `
  insert into sign_in_attempt (tenant_id, id, subject, failures, last_at)
  values ($2, $3, ${SUBJECT}, 1, now())
  on conflict (tenant_id, subject) do update set
    failures = ${FAILURES},
    last_at = now(),
    locked_until = case when (${FAILURES}) % $4::integer = 0
      then now() + make_interval(secs => least($6::float8, $5::float8 * 2 ^ ((${FAILURES}) / $4::integer - 1)))
      else null end
  where sign_in_attempt.locked_until is null or sign_in_attempt.locked_until <= now()`;

/** Failed attempts to sign in, by the hash of what was attempted. */
@Injectable()
export class SignInAttempts {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /** Counts one more failure, in one statement whoever else does; false when the subject is locked, and nothing counted. */
  async count(subject: string, { failuresMax, lockS, lockMaxS }: AttemptPolicy): Promise<boolean> {
    const values = [subject, currentTenant().id, uuidv7(), failuresMax, lockS, lockMaxS];
    return (await this.unitOfWork.execute(COUNT, values)) === 1;
  }

  /** Until the subject may try again; seconds, at least 1. */
  async lockedForS(subject: string): Promise<number> {
    const [row] = await this.unitOfWork.query<{ seconds: number }>(
      `select ceil(extract(epoch from locked_until - now()))::integer as seconds from sign_in_attempt
       where subject = ${SUBJECT}`,
      [subject],
    );
    return Math.max(1, row?.seconds ?? 1);
  }

  /** Forgets the failures of a subject. */
  async clear(subject: string): Promise<void> {
    await this.unitOfWork.execute(`delete from sign_in_attempt where subject = ${SUBJECT}`, [subject]);
  }

  /** Forgets some of those that count for nothing any more, so that typing in addresses at random fills no disk. */
  async prune(rowsMax: number): Promise<void> {
    await this.unitOfWork.execute(
      `delete from sign_in_attempt where id in (select id from sign_in_attempt
         where last_at < now() - interval '${FORGOTTEN_AFTER}' and (locked_until is null or locked_until < now())
         order by last_at limit $1 for update skip locked)`,
      [rowsMax],
    );
  }
}
