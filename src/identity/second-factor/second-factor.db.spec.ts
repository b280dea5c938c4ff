import type { TestingModule } from '@nestjs/testing';
import { generate } from 'otplib';
import { currentContext, runInContext, type TenantIdentity } from '#libs/context';
import { SecretUnreadable } from '#libs/secrets';
import { inTenant } from '#libs/tenancy';
import { TooManyAttempts } from '../attempts/attempt.errors.js';
import { PermissionEscalation } from '../roles/role.errors.js';
import { SecondFactorRequired, SessionEnded } from '../sessions/session.errors.js';
import type { SessionTokens } from '../sessions/session-tokens.js';
import { IdentityStage, PASSWORD, principalOf, roleIds, signIn, signUp } from '../testing/index.js';
import { ResealSecrets } from '../secrets/reseal-secrets.js';
import { IdentitySecretsModule } from '../identity-secrets.module.js';
import { AddUser } from '../users/add-user.js';
import { ChangeUser } from '../users/change-user.js';
import { AnswerChallenge } from './answer-challenge.js';
import { ChangeSecondFactor } from './change-second-factor.js';
import {
  ChallengeRefused,
  CodeRefused,
  SecondFactorActive,
  SecondFactorNotFound,
  SecondFactorRefused,
} from './second-factor.errors.js';
import { SecondFactorQueries } from './second-factor.queries.js';
import { SetUpSecondFactor } from './set-up-second-factor.js';

const KEYS = { old: `old:${'A'.repeat(43)}`, new: `new:${'B'.repeat(42)}A` };
const CLIENT = { ip: '192.0.2.1', userAgent: 'spec' };
/** Minutes apart, so that no code of one moment is one of another. */
const MOMENTS = Array.from({ length: 12 }, (_, minutes) => new Date(Date.UTC(2026, 10, 21, 12, minutes * 5)));
const [NOW = new Date(0), LATER = new Date(0), ...REST] = MOMENTS;

let stage: IdentityStage;
let node: TestingModule;
let tenant: TenantIdentity;

beforeAll(async () => {
  stage = await IdentityStage.open({ ENCRYPTION_KEYS: KEYS.old });
  node = await stage.node();
});

afterAll(() => stage.close());

beforeEach(async () => {
  tenant = await signUp(node);
});

const rows = <R>(sql: string): Promise<R[]> => stage.database.asSuperuser<R>(sql, [tenant.id]);

const codeOf = (secret: string, at: Date): Promise<string> => generate({ secret, epoch: at.getTime() / 1_000 });

const wins = (outcomes: PromiseSettledResult<unknown>[]): number =>
  outcomes.filter((outcome) => outcome.status === 'fulfilled').length;

/** Does something as the holder of the tokens, at some time. */
async function as<T>(tokens: SessionTokens, work: () => Promise<T>, now = NOW): Promise<T> {
  const principal = await principalOf(node, tenant, tokens);
  return inTenant(tenant, () => runInContext({ ...currentContext(), principal, now }, work));
}

const setUp = (): SetUpSecondFactor => node.get(SetUpSecondFactor);
const change = (): ChangeSecondFactor => node.get(ChangeSecondFactor);

/** Sets a second factor up for the owner of the tenant. */
async function enrol(): Promise<{ tokens: SessionTokens; secret: string; recoveryCodes: string[] }> {
  const tokens = await signIn(node, tenant);
  const { secret } = await as(tokens, () => setUp().begin());
  const first = await codeOf(secret, NOW);
  return { tokens, secret, recoveryCodes: await as(tokens, () => setUp().confirm(first)) };
}

/** What somebody with the password is asked. */
async function challenged(on = node): Promise<string> {
  const refusal = await signIn(on, tenant).catch((error: unknown) => error);
  expect(refusal).toBeInstanceOf(SecondFactorRequired);
  return (refusal as SecondFactorRequired).details['challenge'] as string;
}

const answer = (challenge: string, code: string, now: Date, on = node): Promise<SessionTokens> =>
  inTenant(tenant, () =>
    runInContext({ now }, () => on.get(AnswerChallenge).execute({ challenge, code, client: CLIENT })),
  );

describe('setting up', () => {
  it('takes a first code, and counts from then on', async () => {
    const tokens = await signIn(node, tenant);
    const { secret, uri } = await as(tokens, () => setUp().begin());
    expect(uri).toContain(`secret=${secret}`);
    expect(decodeURIComponent(uri)).toContain('ada@acme.example');
    await signIn(node, tenant);
    await expect(as(tokens, () => setUp().confirm('000000'))).rejects.toBeInstanceOf(CodeRefused);
    const first = await codeOf(secret, NOW);
    await as(tokens, () => setUp().confirm(first));
    await expect(signIn(node, tenant)).rejects.toBeInstanceOf(SecondFactorRequired);
    const state = await as(tokens, () => node.get(SecondFactorQueries).own());
    expect(state).toEqual({ confirmedAt: expect.any(Date), recoveryCodesLeft: 10 });
  });

  it('ends the other sessions, and keeps the one it was done in', async () => {
    const other = await signIn(node, tenant);
    const { tokens } = await enrol();
    await expect(principalOf(node, tenant, tokens)).resolves.toBeDefined();
    await expect(principalOf(node, tenant, other)).rejects.toBeInstanceOf(SessionEnded);
  });

  it('is refused while there is one, and confirmed once of two at once', async () => {
    const tokens = await signIn(node, tenant);
    const { secret } = await as(tokens, () => setUp().begin());
    const first = await codeOf(secret, NOW);
    const outcomes = await Promise.allSettled([1, 2, 3].map(() => as(tokens, () => setUp().confirm(first))));
    expect(wins(outcomes)).toBe(1);
    await expect(as(tokens, () => setUp().begin())).rejects.toBeInstanceOf(SecondFactorActive);
  });

  it('is over an hour after it began', async () => {
    const tokens = await signIn(node, tenant);
    const { secret } = await as(tokens, () => setUp().begin());
    await rows(`update second_factor set created_at = now() - interval '61 minutes' where tenant_id = $1`);
    const first = await codeOf(secret, NOW);
    await expect(as(tokens, () => setUp().confirm(first))).rejects.toBeInstanceOf(SecondFactorNotFound);
  });
});

describe('a code', () => {
  it('opens a session together with the challenge', async () => {
    const { secret } = await enrol();
    const tokens = await answer(await challenged(), await codeOf(secret, LATER), LATER);
    await expect(principalOf(node, tenant, tokens)).resolves.toMatchObject({ email: 'ada@acme.example' });
    const [session] = await rows(`select amr from session where tenant_id = $1 and 'otp' = any(amr)`);
    expect(session).toEqual({ amr: ['pwd', 'otp', 'mfa'] });
  });

  it('is taken half a minute early or late, and not two minutes', async () => {
    const { secret } = await enrol();
    const challenge = await challenged();
    const shifted = (seconds: number, at: Date): Date => new Date(at.getTime() + seconds * 1_000);
    const [one = NOW, two = NOW, three = NOW] = REST;
    await answer(challenge, await codeOf(secret, shifted(-30, one)), one);
    await answer(challenge, await codeOf(secret, shifted(30, two)), two);
    for (const seconds of [-120, 120]) {
      const late = await codeOf(secret, shifted(seconds, three));
      await expect(answer(challenge, late, three)).rejects.toBeInstanceOf(SecondFactorRefused);
    }
  });

  it('is good once: of many who come with it at once, one gets a session', async () => {
    const { secret } = await enrol();
    const challenge = await challenged();
    const code = await codeOf(secret, LATER);
    const outcomes = await Promise.allSettled(Array.from({ length: 5 }, () => answer(challenge, code, LATER)));
    expect(wins(outcomes)).toBe(1);
    await expect(answer(challenge, code, new Date(LATER.getTime() + 30_000))).rejects.toBeInstanceOf(
      SecondFactorRefused,
    );
  });

  it('that confirmed the factor opens no session', async () => {
    const { secret } = await enrol();
    await expect(answer(await challenged(), await codeOf(secret, NOW), NOW)).rejects.toBeInstanceOf(
      SecondFactorRefused,
    );
  });

  it('mutation: without the constraint it is good again', async () => {
    const constraint = 'second_factor_use_once_key';
    await stage.database.asSuperuser(`alter table second_factor_use drop constraint ${constraint}`);
    try {
      const { secret } = await enrol();
      const challenge = await challenged();
      const code = await codeOf(secret, LATER);
      const outcomes = await Promise.allSettled([1, 2, 3].map(() => answer(challenge, code, LATER)));
      expect(wins(outcomes)).toBe(3);
    } finally {
      await stage.database.asSuperuser('delete from second_factor_use');
      await stage.database.asSuperuser(
        `alter table second_factor_use add constraint ${constraint} unique (tenant_id, factor_id, time_step)`,
      );
    }
  });

  it('is guessed five times and no more, for the right one too, from many sides at once', async () => {
    const { secret } = await enrol();
    const challenge = await challenged();
    const guesses = Array.from({ length: 12 }, (_, guess) => answer(challenge, String(guess).padStart(6, '7'), LATER));
    const refusals = await Promise.all(guesses.map((guess) => guess.catch((error: unknown) => error)));
    expect(refusals.filter((refusal) => refusal instanceof SecondFactorRefused)).toHaveLength(5);
    expect(refusals.filter((refusal) => refusal instanceof TooManyAttempts)).toHaveLength(7);
    await expect(answer(challenge, await codeOf(secret, LATER), LATER)).rejects.toBeInstanceOf(TooManyAttempts);
  });
});

describe('a challenge', () => {
  it('is void once the password has changed, for another tenant, and when it is none', async () => {
    const { secret, tokens } = await enrol();
    const challenge = await challenged();
    const code = await codeOf(secret, LATER);
    await expect(answer(tokens.accessToken, code, LATER)).rejects.toBeInstanceOf(ChallengeRefused);
    await expect(answer('a.b.c', code, LATER)).rejects.toBeInstanceOf(ChallengeRefused);
    const { id } = await principalOf(node, tenant, tokens);
    const password = 'tangerine weather desk lamp';
    await as(tokens, () => node.get(ChangeUser).execute(id, { password }, undefined));
    await expect(answer(challenge, code, LATER)).rejects.toBeInstanceOf(ChallengeRefused);
    tenant = await signUp(node);
    await expect(answer(challenge, code, LATER)).rejects.toBeInstanceOf(ChallengeRefused);
  });
});

describe('a recovery code', () => {
  it('is good once, however it is written and whoever else comes with it', async () => {
    const { recoveryCodes } = await enrol();
    const [code = ''] = recoveryCodes;
    const challenge = await challenged();
    const written = [code, code.toUpperCase(), code.replaceAll('-', ' '), code];
    const outcomes = await Promise.allSettled(written.map((each) => answer(challenge, each, LATER)));
    expect(wins(outcomes)).toBe(1);
  });

  it('is kept as a hash', async () => {
    const { recoveryCodes } = await enrol();
    const kept = JSON.stringify(await rows('select * from recovery_code where tenant_id = $1'));
    for (const code of recoveryCodes) expect(kept).not.toContain(code.replaceAll('-', ''));
    expect(new Set(recoveryCodes).size).toBe(10);
  });

  it('is void once there are new ones, for which a code is asked', async () => {
    const { tokens, secret, recoveryCodes } = await enrol();
    const [old = ''] = recoveryCodes;
    await expect(as(tokens, () => change().renewRecoveryCodes('123456'))).rejects.toBeInstanceOf(CodeRefused);
    const code = await codeOf(secret, LATER);
    const renewed = await as(tokens, () => change().renewRecoveryCodes(code), LATER);
    const challenge = await challenged();
    await expect(answer(challenge, old, LATER)).rejects.toBeInstanceOf(SecondFactorRefused);
    await expect(answer(challenge, renewed[0] ?? '', LATER)).resolves.toBeDefined();
  });
});

describe('removing', () => {
  it('takes a code, and then the password is enough again', async () => {
    const { tokens, recoveryCodes } = await enrol();
    await expect(as(tokens, () => change().remove('123456'))).rejects.toBeInstanceOf(CodeRefused);
    await as(tokens, () => change().remove(recoveryCodes[0] ?? ''));
    await expect(signIn(node, tenant)).resolves.toBeDefined();
    expect(await rows('select from recovery_code where tenant_id = $1')).toEqual([]);
  });

  it('of somebody else is for whoever is permitted as much, and ends their sessions', async () => {
    const { tokens: owner } = await enrol();
    const { id: ownerId } = await principalOf(node, tenant, owner);
    const roles = await roleIds(stage, tenant);
    const viewer = { email: 'vic@acme.example', name: 'Vic', password: PASSWORD, roleIds: [roles['viewer'] ?? ''] };
    const { id } = await as(owner, () => node.get(AddUser).execute(viewer));
    const vic = await signIn(node, tenant, viewer.email);
    await expect(as(vic, () => change().removeOf(ownerId))).rejects.toBeInstanceOf(PermissionEscalation);
    await expect(as(owner, () => change().removeOf(id))).rejects.toBeInstanceOf(SecondFactorNotFound);
    const { secret } = await as(vic, () => setUp().begin());
    const first = await codeOf(secret, NOW);
    await as(vic, () => setUp().confirm(first));
    await as(owner, () => change().removeOf(id));
    await expect(principalOf(node, tenant, vic)).rejects.toBeInstanceOf(SessionEnded);
    await expect(signIn(node, tenant, viewer.email)).resolves.toBeDefined();
  });
});

describe('the secret', () => {
  it('is sealed, opens while its key is there, and is sealed anew under the first one as it is used', async () => {
    const { secret } = await enrol();
    const kept = async (): Promise<string> =>
      (await rows<{ secret: string }>('select secret from second_factor where tenant_id = $1'))[0]?.secret ?? '';
    expect(await kept()).toMatch(/^v1\.old\./);
    expect(await kept()).not.toContain(secret);
    const rotating = await stage.node({ ENCRYPTION_KEYS: `${KEYS.new},${KEYS.old}` });
    const rotated = await stage.node({ ENCRYPTION_KEYS: KEYS.new });
    const [one = NOW, two = NOW] = REST;
    const early = answer(await challenged(), await codeOf(secret, LATER), LATER, rotated);
    await expect(early).rejects.toBeInstanceOf(SecretUnreadable);
    await answer(await challenged(), await codeOf(secret, one), one, rotating);
    expect(await kept()).toMatch(/^v1\.new\./);
    await answer(await challenged(), await codeOf(secret, two), two, rotated);
  });

  it('is sealed anew for everybody at once, so that the old key can go', async () => {
    const { secret } = await enrol();
    const rotating = await stage.node(
      { ENCRYPTION_KEYS: `${KEYS.new},${KEYS.old}` },
      { imports: [IdentitySecretsModule] },
    );
    const reseal = (): Promise<unknown> =>
      inTenant(tenant, () => rotating.get(ResealSecrets, { strict: false }).execute());
    expect([await reseal(), await reseal()]).toEqual([
      { resealed: 1, unreadable: 0 },
      { resealed: 0, unreadable: 0 },
    ]);
    const rotated = await stage.node({ ENCRYPTION_KEYS: KEYS.new });
    const [one = NOW] = REST;
    await answer(await challenged(), await codeOf(secret, one), one, rotated);
    const lost = await stage.node(
      { ENCRYPTION_KEYS: `third:${'C'.repeat(42)}A` },
      { imports: [IdentitySecretsModule] },
    );
    const report = inTenant(tenant, () => lost.get(ResealSecrets, { strict: false }).execute());
    await expect(report).resolves.toEqual({ resealed: 0, unreadable: 1 });
  });

  it('opens for no other user, wherever it is copied to', async () => {
    const { secret } = await enrol();
    await stage.database.asSuperuser(
      `update second_factor f set secret = o.secret from second_factor o where f.tenant_id = $1 and o.tenant_id <> $1`,
      [tenant.id],
    );
    const guess = answer(await challenged(), await codeOf(secret, LATER), LATER);
    await expect(guess).rejects.toBeInstanceOf(SecretUnreadable);
  });
});
