import { Injectable } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';
import { ConfigModule } from '#libs/config';
import { testConfig } from '#libs/config/testing';
import { ContextModule, type TenantIdentity } from '#libs/context';
import { DatabaseModule, UnitOfWork } from '#libs/database';
import { EventsModule } from '#libs/events';
import { inTenant, TenancyModule } from '#libs/tenancy';
import { AttemptLimits } from '../attempts/attempt-limits.js';
import { SessionsModule } from '../sessions.module.js';
import { IdentityStage, PASSWORD, principalOf, roleIds, signIn, signUp } from '../testing/index.js';
import { AddUser } from '../users/add-user.js';
import { ChangeUser } from '../users/change-user.js';
import { RefreshSession } from './refresh-session.js';
import { CredentialsRefused, RefreshRefused, SessionEnded } from './session.errors.js';
import type { SessionTokens } from './session-tokens.js';
import { Sessions } from './sessions.repository.js';
import { SignOut } from './sign-out.js';

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

const refresh = (token: string, on = node): Promise<SessionTokens> =>
  inTenant(tenant, () => on.get(RefreshSession).execute(token));

const wins = (outcomes: PromiseSettledResult<unknown>[]): number =>
  outcomes.filter((outcome) => outcome.status === 'fulfilled').length;

describe('signing in', () => {
  it('opens a session for the administrator of a new tenant, whatever the case of the address', async () => {
    const tokens = await signIn(node, tenant, 'ADA@acme.example');
    expect(tokens.expiresInS).toBe(900);
    const ada = await principalOf(node, tenant, tokens);
    expect(ada).toMatchObject({ kind: 'user', email: 'ada@acme.example' });
    expect(ada.permissions.has('accounting.write')).toBe(true);
  });

  it('keeps no token and no password, only hashes', async () => {
    const { refreshToken } = await signIn(node, tenant);
    const kept = await stage.database.asSuperuser('select * from refresh_token t, app_user u');
    expect(JSON.stringify(kept)).not.toContain(refreshToken);
    expect(JSON.stringify(kept)).not.toContain(PASSWORD);
    expect(JSON.stringify(kept)).toContain('$argon2id$');
  });

  it('gives one answer to an unknown user, a wrong password and a disabled user', async () => {
    await disable();
    const attempts = [
      ['nobody@acme.example', PASSWORD],
      ['ada@acme.example', 'wrong password!'],
      ['ada@acme.example', PASSWORD],
    ] as const;
    const answers = await Promise.all(
      attempts.map(([email, password]) => signIn(node, tenant, email, password).catch((error: unknown) => error)),
    );
    for (const answer of answers) {
      expect(answer).toBeInstanceOf(CredentialsRefused);
      expect(answer).toMatchObject({ message: (answers[0] as Error).message, details: {} });
    }
  });

  it('takes as long for an unknown user as for a wrong password', async () => {
    const fastest = new Map<string, number>();
    // In turns, and the fastest of each: what else the machine does slows both alike.
    for (let turn = 0; turn < 25; turn++) {
      for (const email of ['nobody@acme.example', 'ada@acme.example']) {
        const start = performance.now();
        await signIn(node, tenant, email, 'wrong password!').catch(() => undefined);
        fastest.set(email, Math.min(fastest.get(email) ?? Infinity, performance.now() - start));
        // Or the account would be locked, which is quick for both.
        await inTenant(tenant, () => node.get(AttemptLimits, { strict: false }).clear('password', email));
      }
    }
    const [unknown = 0, known = 1] = fastest.values();
    expect(unknown / known).toBeGreaterThan(0.5);
    expect(unknown / known).toBeLessThan(2);
  });

  it('does not know the users of another tenant', async () => {
    const other = await signUp(node, {
      admin: { email: 'bob@bolt.example', name: 'Bob', password: PASSWORD },
    });
    await expect(signIn(node, other)).rejects.toBeInstanceOf(CredentialsRefused);
  });
});

describe('refreshing', () => {
  it('gives the next pair, and the session goes on', async () => {
    const first = await signIn(node, tenant);
    const second = await refresh(first.refreshToken);
    const third = await refresh(second.refreshToken);
    expect(new Set([first, second, third].map((tokens) => tokens.refreshToken)).size).toBe(3);
    const ids = await Promise.all(
      [first, third].map(async (tokens) => (await principalOf(node, tenant, tokens)).sessionId),
    );
    expect(ids[0]).toBe(ids[1]);
  });

  it('ends the whole session when a used token comes again', async () => {
    const first = await signIn(node, tenant);
    const other = await signIn(node, tenant);
    const second = await refresh(first.refreshToken);
    await expect(refresh(first.refreshToken)).rejects.toBeInstanceOf(RefreshRefused);
    await expect(refresh(second.refreshToken)).rejects.toBeInstanceOf(RefreshRefused);
    await expect(principalOf(node, tenant, second)).rejects.toBeInstanceOf(SessionEnded);
    await expect(principalOf(node, tenant, other)).resolves.toMatchObject({ kind: 'user' });
  });

  it('lets exactly one of several at once win, and ends the session', async () => {
    const { refreshToken } = await signIn(node, tenant);
    const outcomes = await Promise.allSettled(Array.from({ length: 5 }, () => refresh(refreshToken)));
    expect(wins(outcomes)).toBe(1);
    const winner = outcomes.find((outcome) => outcome.status === 'fulfilled')!.value;
    await expect(principalOf(node, tenant, winner)).rejects.toBeInstanceOf(SessionEnded);
    await expect(refresh(winner.refreshToken)).rejects.toBeInstanceOf(RefreshRefused);
    const [session] = await stage.database.asSuperuser('select revoked_reason from session where tenant_id = $1', [
      tenant.id,
    ]);
    expect(session).toEqual({ revoked_reason: 'token_reused' });
  });

  it.each([
    ['unknown', 'never-issued'],
    ['empty of meaning', '\u0000'],
  ])('refuses a token that is %s', async (_, token) => {
    await expect(refresh(token)).rejects.toBeInstanceOf(RefreshRefused);
  });

  it('refuses the token of another tenant', async () => {
    const { refreshToken } = await signIn(node, await signUp(node));
    await expect(refresh(refreshToken)).rejects.toBeInstanceOf(RefreshRefused);
  });

  it.each([
    ['idle for longer than SESSION_LIFETIME_MIN', `last_seen_at = now() - interval '121 minutes'`],
    ['older than AUTH_REFRESH_TTL_S', `expires_at = now() - interval '1 second'`],
  ])('refuses a session that is %s, for both tokens', async (_, change) => {
    const tokens = await signIn(node, tenant);
    await stage.database.asSuperuser(`update session set ${change} where tenant_id = $1`, [tenant.id]);
    await expect(principalOf(node, tenant, tokens)).rejects.toBeInstanceOf(SessionEnded);
    await expect(refresh(tokens.refreshToken)).rejects.toBeInstanceOf(RefreshRefused);
  });

  it('mutation: without the lock and the one-unused index, one token is good for two', async () => {
    @Injectable()
    class UnlockedSessions extends Sessions {
      protected override readonly tokenLock = '';
      override async rotate(...rotation: Parameters<Sessions['rotate']>): Promise<void> {
        await bothHere();
        await super.rotate(...rotation);
      }
    }
    const mutant = await IdentityStage.open();
    const { options } = mutant.database;
    const builder = Test.createTestingModule({
      imports: [
        ConfigModule.forRoot(testConfig(mutant.env)),
        ContextModule,
        DatabaseModule.forRoot(options),
        TenancyModule,
        EventsModule.forRoot(),
        SessionsModule,
      ],
    });
    const unlocked = await (
      await builder
        .overrideProvider(Sessions)
        .useFactory({ inject: [UnitOfWork], factory: (unitOfWork: UnitOfWork) => new UnlockedSessions(unitOfWork) })
        .compile()
    ).init();
    tenant = await signUp(await mutant.node());
    const race = async (): Promise<PromiseSettledResult<SessionTokens>[]> => {
      const { refreshToken } = await signIn(unlocked, tenant);
      return Promise.allSettled([refresh(refreshToken, unlocked), refresh(refreshToken, unlocked)]);
    };
    const bothHere = meetingOfTwo();
    const withIndex = wins(await race());
    await mutant.database.asOwner('drop index refresh_token_one_unused_key');
    const withNothing = wins(await race());
    await unlocked.close();
    await mutant.close();
    expect({ withIndex, withNothing }).toEqual({ withIndex: 1, withNothing: 2 });
  });
});

describe('signing out', () => {
  it('voids access and refresh token at once', async () => {
    const tokens = await signIn(node, tenant);
    await signOut(tokens);
    await expect(principalOf(node, tenant, tokens)).rejects.toBeInstanceOf(SessionEnded);
    await expect(refresh(tokens.refreshToken)).rejects.toBeInstanceOf(RefreshRefused);
  });

  it('leaves the user’s other sessions alone', async () => {
    const [here, there] = [await signIn(node, tenant), await signIn(node, tenant)];
    await signOut(here);
    await expect(principalOf(node, tenant, there)).resolves.toMatchObject({ email: 'ada@acme.example' });
  });
});

/** Everybody waits until two have come; again and again. */
function meetingOfTwo(): () => Promise<void> {
  let waiting: (() => void) | undefined;
  return () =>
    new Promise((resolve) => {
      if (!waiting) {
        waiting = resolve;
        return;
      }
      waiting();
      waiting = undefined;
      resolve();
    });
}

async function signOut(tokens: SessionTokens): Promise<void> {
  const principal = await principalOf(node, tenant, tokens);
  await inTenant(tenant, () => node.get(SignOut).execute(), principal);
}

async function disable(): Promise<void> {
  const { owner } = await roleIds(stage, tenant);
  const bob = { email: 'bob@acme.example', name: 'Bob', password: PASSWORD, roleIds: [owner!] };
  await inTenant(tenant, () => node.get(AddUser).execute(bob));
  const ada = await principalOf(node, tenant, await signIn(node, tenant));
  await inTenant(tenant, () => node.get(ChangeUser).execute(ada.id, { status: 'disabled' }, undefined));
}
