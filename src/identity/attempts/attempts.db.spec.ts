import type { TestingModule } from '@nestjs/testing';
import { PasswordHasher } from '#libs/auth';
import type { TenantIdentity } from '#libs/context';
import { UnitOfWork } from '#libs/database';
import { statementsOf } from '#libs/database/testing';
import { inTenant } from '#libs/tenancy';
import { CredentialsRefused } from '../sessions/session.errors.js';
import { IdentityStage, PASSWORD, signIn, signUp } from '../testing/index.js';
import { TooManyAttempts } from './attempt.errors.js';
import { AttemptLimits } from './attempt-limits.js';
import { SignInAttempts } from './sign-in-attempts.repository.js';

const ADA = 'ada@acme.example';
const NOBODY = 'nobody@acme.example';
const WRONG = 'not the password of anybody';

let stage: IdentityStage;
let node: TestingModule;
let tenant: TenantIdentity;

beforeAll(async () => {
  stage = await IdentityStage.open();
  node = await stage.node();
});

afterAll(() => stage.close());

beforeEach(async () => {
  tenant = await signUp(node);
});

const fail = (email: string): Promise<unknown> => signIn(node, tenant, email, WRONG).catch((error: unknown) => error);

const limits = (): AttemptLimits => node.get(AttemptLimits, { strict: false });

async function failOften(email: string, times: number): Promise<void> {
  for (let index = 0; index < times; index++) await fail(email);
}

/** As if the clock had gone on. */
const wait = (seconds: number): Promise<unknown> =>
  stage.database.asSuperuser(
    `update sign_in_attempt set last_at = last_at - make_interval(secs => $2),
       locked_until = locked_until - make_interval(secs => $2) where tenant_id = $1`,
    [tenant.id, seconds],
  );

describe('an account', () => {
  it('is locked after ten wrong passwords, for the right one too, until the lock is over', async () => {
    await failOften(ADA, 10);
    await expect(signIn(node, tenant, 'Ada@ACME.example', PASSWORD)).rejects.toBeInstanceOf(TooManyAttempts);
    await wait(61);
    await expect(signIn(node, tenant)).resolves.toBeDefined();
  });

  it('is forgiven what failed before the right password', async () => {
    await failOften(ADA, 9);
    await signIn(node, tenant);
    await failOften(ADA, 9);
    await expect(signIn(node, tenant)).resolves.toBeDefined();
  });

  it('is locked for twice as long each time, a quarter of an hour at most, and forgotten after a day', async () => {
    const locks: number[] = [];
    for (let lock = 0; lock < 6; lock++) {
      await failOften(ADA, 10);
      const refusal = await fail(ADA);
      expect(refusal).toBeInstanceOf(TooManyAttempts);
      const { retryAfterS } = (refusal as TooManyAttempts).details;
      locks.push(Math.round(Number(retryAfterS) / 60));
      await wait(Number(retryAfterS) + 1);
    }
    expect(locks).toEqual([1, 2, 4, 8, 15, 15]);
    await wait(24 * 3_600);
    await failOften(ADA, 9);
    expect(await fail(ADA)).toBeInstanceOf(CredentialsRefused);
  });

  it('that nobody has is locked alike, with the same statements and the same answers', async () => {
    const answers = async (email: string): Promise<string[]> => {
      const texts: string[] = [];
      for (let index = 0; index < 11; index++) {
        const answer = (await fail(email)) as TooManyAttempts;
        texts.push(`${answer.code} ${answer.message} ${Object.keys(answer.details).join()}`);
      }
      return texts;
    };
    const given: string[][] = [];
    const known = await statementsOf(async () => given.push(await answers(ADA)));
    const unknown = await statementsOf(async () => given.push(await answers(NOBODY)));
    expect(given[1]).toEqual(given[0]);
    expect(unknown).toEqual(known);
    expect(given[0]?.at(-1)).toContain('auth.too_many_attempts');
  });

  it('of another tenant with the same address is another one', async () => {
    await failOften(ADA, 10);
    tenant = await signUp(node);
    await expect(signIn(node, tenant)).resolves.toBeDefined();
  });

  it('is kept as a hash: what was typed is not to be read', async () => {
    await fail('a.secret.mistake@acme.example');
    const kept = await stage.database.asSuperuser('select * from sign_in_attempt where tenant_id = $1', [tenant.id]);
    expect(kept).toHaveLength(1);
    expect(JSON.stringify(kept)).not.toContain('mistake');
  });
});

describe('many attempts at once', () => {
  /** How many of 40 passwords were looked at. */
  async function lookedAt(): Promise<number> {
    const passwords = node.get(PasswordHasher, { strict: false });
    const verify = passwords.verify.bind(passwords);
    let looks = 0;
    passwords.verify = async () => {
      looks += 1;
      return false;
    };
    await Promise.all(Array.from({ length: 40 }, () => fail(ADA)));
    passwords.verify = verify;
    return looks;
  }

  it('are looked at ten times and no more', async () => {
    expect(await lookedAt()).toBe(10);
  });

  it('mutation: counted in two statements, more are looked at', async () => {
    const attempts = node.get(SignInAttempts, { strict: false });
    const unitOfWork = node.get(UnitOfWork);
    const count = attempts.count.bind(attempts);
    attempts.count = async (subject, policy) => {
      const rows = await unitOfWork.query<{ failures: number }>('select failures from sign_in_attempt');
      if ((rows[0]?.failures ?? 0) >= policy.failuresMax) return false;
      return count(subject, { ...policy, failuresMax: 1_000_000 });
    };
    const looks = await lookedAt();
    attempts.count = count;
    expect(looks).toBeGreaterThan(10);
  });
});

describe('an attempt', () => {
  it('is counted although the unit of work round it is rolled back', async () => {
    const unitOfWork = node.get(UnitOfWork);
    const rolledBack = (): Promise<unknown> =>
      inTenant(tenant, () =>
        unitOfWork
          .around(
            async () => {
              await limits().take('second-factor', 'a-user');
              throw new Error('the code was wrong');
            },
            () => undefined,
          )
          .catch((error: unknown) => error),
      );
    for (let index = 0; index < 5; index++) await rolledBack();
    expect(await rolledBack()).toBeInstanceOf(TooManyAttempts);
  });

  it('of long ago makes room', async () => {
    await failOften('somebody.else@acme.example', 1);
    await wait(25 * 3_600);
    await fail(ADA);
    const kept = await stage.database.asSuperuser('select from sign_in_attempt where tenant_id = $1', [tenant.id]);
    expect(kept).toHaveLength(1);
  });
});
