import type { TestingModule } from '@nestjs/testing';
import { PasswordWidelyUsed } from '#erp/tenants';
import { hashOpaqueToken } from '#libs/auth';
import type { TenantIdentity } from '#libs/context';
import { UnitOfWork } from '#libs/database';
import { statementsOf } from '#libs/database/testing';
import { uuidv7 } from '#libs/kernel';
import { inTenant } from '#libs/tenancy';
import { EmailedTokenRefused } from '../emailed-tokens/emailed-token.errors.js';
import type { EmailedTokenPurpose } from '../emailed-tokens/emailed-token-purpose.js';
import { EmailedTokens } from '../emailed-tokens/emailed-tokens.repository.js';
import { type EmailedTokenLetter, IssueEmailedToken } from '../emailed-tokens/issue-emailed-token.js';
import { RequestEmailedToken } from '../emailed-tokens/request-emailed-token.js';
import { EmailedTokensModule } from '../emailed-tokens.module.js';
import { RefreshSession } from '../sessions/refresh-session.js';
import { CredentialsRefused, RefreshRefused, SessionEnded } from '../sessions/session.errors.js';
import { IdentityStage, PASSWORD, principalOf, signIn, signUp } from '../testing/index.js';
import { UserQueries } from '../users/user.queries.js';
import { VerifyEmail } from '../verification/verify-email.js';
import { CompletePasswordReset } from './complete-password-reset.js';

const NEW = 'tangerine weather desk lamp';
const ADA = 'ada@acme.example';

let stage: IdentityStage;
let node: TestingModule;
let tenant: TenantIdentity;

beforeAll(async () => {
  stage = await IdentityStage.open();
  node = await stage.node({}, { imports: [EmailedTokensModule] });
});

afterAll(() => stage.close());

beforeEach(async () => {
  tenant = await signUp(node);
});

const rows = <R>(sql: string): Promise<R[]> => stage.database.asSuperuser<R>(sql, [tenant.id]);

async function request(email = ADA, purpose: EmailedTokenPurpose = 'password_reset'): Promise<string> {
  await inTenant(tenant, () => node.get(RequestEmailedToken, { strict: false }).execute(purpose, email));
  const [last] = await rows<{ id: string }>(
    'select aggregate_id as id from platform.outbox_event where tenant_id = $1 order by id desc limit 1',
  );
  return last?.id ?? '';
}

const answer = (requestId: string): Promise<EmailedTokenLetter | null> =>
  inTenant(tenant, () => node.get(IssueEmailedToken, { strict: false }).execute(requestId));

const tokenIn = (letter: EmailedTokenLetter | null): string => letter?.link.split('#token=')[1] ?? '';

async function mailedToken(email = ADA, purpose: EmailedTokenPurpose = 'password_reset'): Promise<string> {
  return tokenIn(await answer(await request(email, purpose)));
}

const complete = (token: string, password = NEW): Promise<void> =>
  inTenant(tenant, () => node.get(CompletePasswordReset).execute(token, password));

const wins = (outcomes: PromiseSettledResult<unknown>[]): number =>
  outcomes.filter((outcome) => outcome.status === 'fulfilled').length;

describe('a password reset', () => {
  it('sets the password and ends all sessions and their refresh tokens', async () => {
    const open = [await signIn(node, tenant), await signIn(node, tenant)];
    await complete(await mailedToken('Ada@Acme.example'));
    for (const tokens of open) {
      await expect(principalOf(node, tenant, tokens)).rejects.toBeInstanceOf(SessionEnded);
      const refreshed = inTenant(tenant, () => node.get(RefreshSession).execute(tokens.refreshToken));
      await expect(refreshed).rejects.toBeInstanceOf(RefreshRefused);
    }
    await expect(signIn(node, tenant, ADA, PASSWORD)).rejects.toBeInstanceOf(CredentialsRefused);
    await expect(signIn(node, tenant, ADA, NEW)).resolves.toMatchObject({ expiresInS: 900 });
    const reasons = await rows(
      'select distinct revoked_reason from session where tenant_id = $1 and revoked_at is not null',
    );
    expect(reasons).toEqual([{ revoked_reason: 'password_reset' }]);
  });

  it('verifies the address that the link was read at', async () => {
    await complete(await mailedToken());
    const [user] = (await inTenant(tenant, () => node.get(UserQueries).page({ limit: 1 }))).items;
    expect(user?.emailVerified).toBe(true);
  });

  it('is good for one of many who come with its token at once', async () => {
    const token = await mailedToken();
    const passwords = Array.from({ length: 6 }, (_, index) => `${NEW} ${index}`);
    const outcomes = await Promise.allSettled(passwords.map((password) => complete(token, password)));
    expect(wins(outcomes)).toBe(1);
    const winner = passwords.find((_, index) => outcomes[index]?.status === 'fulfilled') ?? '';
    await expect(signIn(node, tenant, ADA, winner)).resolves.toBeDefined();
    await expect(complete(token)).rejects.toBeInstanceOf(EmailedTokenRefused);
  });

  it('mutation: a token that is looked at before it is marked used is good for several', async () => {
    const careless = node.get(EmailedTokens, { strict: false });
    const unitOfWork = node.get(UnitOfWork);
    const use = careless.use.bind(careless);
    const looked = Promise.withResolvers<void>();
    let looks = 0;
    careless.use = async (_purpose, tokenHash) => {
      const [holder] = await unitOfWork.query<{ userId: string; emailKey: string }>(
        `select user_id as "userId", email_key as "emailKey" from emailed_token where token_hash = $1 and used_at is null`,
        [tokenHash],
      );
      if (++looks === 2) looked.resolve();
      await looked.promise;
      return holder;
    };
    const token = await mailedToken();
    const outcomes = await Promise.allSettled([1, 2].map((each) => complete(token, `${NEW} ${each}`)));
    careless.use = use;
    expect(wins(outcomes)).toBe(2);
  });

  it.each([
    ['too old', `update emailed_token set expires_at = now() where tenant_id = $1`],
    ['of a user who was disabled', `update app_user set status = 'disabled' where tenant_id = $1`],
    ['of a user who has another address now', `update app_user set email = 'new@acme.example' where tenant_id = $1`],
  ])('is refused for a token that is %s', async (_, change) => {
    const token = await mailedToken();
    await rows(change);
    await expect(complete(token)).rejects.toBeInstanceOf(EmailedTokenRefused);
  });

  it('is refused for a token of another purpose, of another tenant, or that nobody was sent', async () => {
    const token = await mailedToken();
    await expect(complete(await mailedToken(ADA, 'email_verification'))).rejects.toBeInstanceOf(EmailedTokenRefused);
    await expect(complete('A'.repeat(43))).rejects.toBeInstanceOf(EmailedTokenRefused);
    tenant = await signUp(node);
    await expect(complete(token)).rejects.toBeInstanceOf(EmailedTokenRefused);
  });

  it('voids the other tokens that were sent', async () => {
    const [first, second] = [await mailedToken(), await mailedToken()];
    await complete(second);
    await expect(complete(first)).rejects.toBeInstanceOf(EmailedTokenRefused);
  });

  it('refuses a password that everybody would guess, and leaves the token good', async () => {
    const token = await mailedToken();
    await expect(complete(token, 'password1234')).rejects.toBeInstanceOf(PasswordWidelyUsed);
    await complete(token);
  });
});

describe('a token that was mailed', () => {
  it('is kept as a hash, and in the same mail when it is sent again', async () => {
    const requestId = await request();
    const [once, again] = [await answer(requestId), await answer(requestId)];
    expect(again).toEqual(once);
    expect(once?.link).toBe(`http://${tenant.slug}.quoin.localhost:5173/reset-password#token=${tokenIn(once)}`);
    const kept = JSON.stringify([await rows('select * from emailed_token where tenant_id = $1'), await events()]);
    expect(kept).not.toContain(tokenIn(once));
    expect(kept).toContain(hashOpaqueToken(tokenIn(once)));
  });

  it('cannot be told from the request without the key', async () => {
    const other = await stage.node({ ENCRYPTION_KEYS: `other:${'A'.repeat(43)}` }, { imports: [EmailedTokensModule] });
    const requestId = await request();
    const here = await answer(requestId);
    const there = await inTenant(tenant, () => other.get(IssueEmailedToken, { strict: false }).execute(requestId));
    expect(tokenIn(there)).not.toBe(tokenIn(here));
  });

  it('is made for nobody when no active user has the address, and nothing of the request is kept', async () => {
    expect(await answer(await request('nobody@acme.example'))).toBeNull();
    await rows(`update app_user set status = 'disabled' where tenant_id = $1`);
    const disabled = await request();
    expect(await answer(disabled)).toBeNull();
    expect(await answer(uuidv7())).toBeNull();
    expect(await rows(`select from emailed_token where tenant_id = $1 and purpose = 'password_reset'`)).toHaveLength(0);
  });

  it('is made five times within an hour and no more', async () => {
    const letters = [];
    for (let index = 0; index < 7; index++) letters.push(await answer(await request()));
    expect(letters.map((letter) => letter !== null)).toEqual([true, true, true, true, true, false, false]);
    await rows(`update emailed_token set created_at = now() - interval '61 minutes' where tenant_id = $1`);
    expect(await answer(await request())).not.toBeNull();
  });
});

describe('asking for a token', () => {
  // By construction: nothing is looked up, so there is nothing that could take longer. Compared text by text.
  it('sends the same statements whether anybody has the address or not', async () => {
    await request();
    const known = await statementsOf(() => ask(ADA));
    const unknown = await statementsOf(() => ask('nobody@acme.example'));
    expect(unknown).toEqual(known);
    expect(known.join(' ')).not.toContain('app_user');
    expect(known.length).toBeGreaterThan(3);
  });

  it('mutation: one that looks for the user first is noticed', async () => {
    const lookingFirst = async (email: string): Promise<void> => {
      const unitOfWork = node.get(UnitOfWork);
      await inTenant(tenant, async () => {
        const found = await unitOfWork.run(() =>
          unitOfWork.query('select from app_user where email_key = lower($1)', [email]),
        );
        if (found.length > 0) await node.get(RequestEmailedToken, { strict: false }).execute('password_reset', email);
      });
    };
    const known = await statementsOf(() => lookingFirst(ADA));
    expect(await statementsOf(() => lookingFirst('nobody@acme.example'))).not.toEqual(known);
  });
});

describe('an address', () => {
  const isVerified = async (): Promise<boolean | undefined> =>
    (await inTenant(tenant, () => node.get(UserQueries).page({ limit: 1 }))).items[0]?.emailVerified;

  it('is asked about at sign-up, and verified once by the token from the mail', async () => {
    expect(await isVerified()).toBe(false);
    const [asked] = await rows<{ id: string }>('select id from emailed_token where tenant_id = $1');
    const token = tokenIn(await answer(asked!.id));
    const verify = (): Promise<void> => inTenant(tenant, () => node.get(VerifyEmail).execute(token));
    const outcomes = await Promise.allSettled([verify(), verify(), verify()]);
    expect([wins(outcomes), await isVerified()]).toEqual([1, true]);
    await rows(`update app_user set email = 'new@acme.example' where tenant_id = $1`);
    expect(await isVerified()).toBe(false);
  });
});

async function ask(email: string): Promise<void> {
  await inTenant(tenant, () => node.get(RequestEmailedToken, { strict: false }).execute('password_reset', email));
}

function events(): Promise<unknown[]> {
  return rows('select * from platform.outbox_event where tenant_id = $1');
}
