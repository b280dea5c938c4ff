import { generate } from 'otplib';
import { runCommand } from '../support/command.js';
import { eventually } from '../support/eventually.js';
import { type CaughtMail, mailsTo } from '../support/mailbox.js';
import { RunningSystem } from '../support/running-system.js';
import { type PageOf, Trader } from '../support/trader.js';

const NEW_PASSWORD = 'tangerine weather desk lamp';
const PERIOD_MS = 30_000;

interface Tokens {
  readonly accessToken: string;
}

let system: RunningSystem;
let trader: Trader;

beforeAll(async () => {
  system = await RunningSystem.start();
});

afterAll(() => system?.stop());

beforeEach(async () => {
  trader = await Trader.signUp(system);
});

/** Somebody who names the tenant and nothing else; each request goes to another api. */
function anonymous<B = Record<string, unknown>>(path: string, body: unknown, token?: string) {
  const authorization = token === undefined ? '' : `Bearer ${token}`;
  return trader.send<B>('POST', path, { body, headers: { 'x-tenant': trader.slug, authorization } });
}

function mail(subject: string, to = trader.email): Promise<CaughtMail> {
  return eventually(`${to} has a mail "${subject}"`, async () =>
    (await mailsTo(to)).find((each) => each.subject.startsWith(subject)),
  );
}

/** The token in the one link of a mail, which leads to a page of the front end. */
function tokenIn({ text, html }: CaughtMail, page: string): string {
  const [link = ''] = /https?:\/\/\S+/.exec(text) ?? [];
  expect(link).toMatch(new RegExp(`^http://${trader.slug}\\.quoin\\.localhost:5173/${page}#token=[\\w-]{43}$`));
  expect(html).toContain(`href="${link}"`);
  return link.split('#token=')[1] ?? '';
}

const codeNow = (secret: string, aheadMs = 0): Promise<string> =>
  generate({ secret, epoch: (Date.now() + aheadMs) / 1_000 });

it('verifies the address of whoever signs up, by a link that is good once', async () => {
  const verified = async (): Promise<boolean | undefined> =>
    (await trader.get<PageOf<{ emailVerified: boolean }>>('/v1/users')).items[0]?.emailVerified;
  expect(await verified()).toBe(false);
  const token = tokenIn(await mail('Verify your e-mail address'), 'verify-email');
  const complete = () => anonymous('/v1/auth/email-verifications/completion', { token });
  expect((await complete()).status).toBe(204);
  expect(await verified()).toBe(true);
  expect(await complete()).toMatchObject({ status: 422, body: { code: 'auth.emailed_token_refused' } });
});

it('lets somebody back in who has forgotten their password, and tells nobody who that may be', async () => {
  const stranger = `stranger@${trader.slug}.example`;
  const asked = await Promise.all(
    [trader.email, stranger].map((email) => anonymous('/v1/auth/password-resets', { email })),
  );
  const shown = asked.map(({ status, body, headers }) => [status, body, [...headers.keys()].toSorted()]);
  expect(shown[0]?.[0]).toBe(202);
  expect(shown[1]).toEqual(shown[0]);
  const token = tokenIn(await mail('Set a new password'), 'reset-password');
  const common = await anonymous('/v1/auth/password-resets/completion', { token, password: 'password1234' });
  expect(common).toMatchObject({ status: 400, body: { code: 'password.too_common' } });
  const completion = { token, password: NEW_PASSWORD };
  const answers = await Promise.all([1, 2, 3].map(() => anonymous('/v1/auth/password-resets/completion', completion)));
  expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([204, 422, 422]);
  // What was open before is over on both apis; the old password is no more.
  for (let api = 0; api < 2; api++) expect((await trader.send('GET', '/v1/auth/me')).status).toBe(401);
  await expect(trader.logIn()).rejects.toThrow('answered 401');
  const again = await anonymous('/v1/auth/tokens', { email: trader.email, password: NEW_PASSWORD });
  expect(again.status).toBe(200);
  await eventually('the worker has looked at every request', async () => {
    const open = await trader.rows(
      `select from platform.delivery where tenant_id = $1 and consumer = 'notifications.emailed-token' and state <> 'done'`,
      [trader.id],
    );
    return open.length === 0;
  });
  expect(await mailsTo(stranger)).toEqual([]);
});

it('asks for the second factor on either api, takes each code once, and a recovery code in its place', async () => {
  const { secret } = await trader.post<{ secret: string }>('/v1/auth/second-factor', {});
  const confirmation = { code: await codeNow(secret) };
  const { recoveryCodes } = await trader.post<{ recoveryCodes: string[] }>(
    '/v1/auth/second-factor/confirmation',
    confirmation,
  );
  const credentials = { email: trader.email, password: 'correct horse battery staple' };
  const challenged = await anonymous<{ code: string; details: { challenge: string } }>('/v1/auth/tokens', credentials);
  expect([challenged.status, challenged.body.code]).toEqual([401, 'auth.second_factor_required']);
  const { challenge } = challenged.body.details;
  // The code of the next half minute is taken already; the one that confirmed is used up.
  const code = await codeNow(secret, PERIOD_MS);
  const answer = (given: string) => anonymous<Tokens>('/v1/auth/tokens/second-factor', { challenge, code: given });
  const answers = await Promise.all([code, code, code, code].map(answer));
  expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 401, 401, 401]);
  const [recovery = ''] = recoveryCodes;
  const recovered = await answer(recovery);
  expect(recovered.status).toBe(200);
  expect((await answer(recovery)).status).toBe(401);
  const me = await trader.send<{ email: string }>('GET', '/v1/auth/me', {
    headers: { authorization: `Bearer ${recovered.body.accessToken}` },
  });
  expect(me.body.email).toBe(trader.email);
});

it('locks an account that is guessed at, from however many apis, and says the same of one that nobody has', async () => {
  const guess = (email: string) => anonymous('/v1/auth/tokens', { email, password: 'not the password of anybody' });
  const told = async (email: string): Promise<unknown[]> => {
    const answers = [];
    for (let index = 0; index < 11; index++) answers.push(await guess(email));
    return answers.map(({ status, body, headers }) => [status, body['code'], headers.has('retry-after')]);
  };
  const [known, unknown] = await Promise.all([told(trader.email), told(`nobody@${trader.slug}.example`)]);
  expect(known.at(-1)).toEqual([429, 'auth.too_many_attempts', true]);
  expect(unknown).toEqual(known);
});

it('seals every secret anew when an operator says so, and names whose secrets open under no key', async () => {
  await trader.post('/v1/auth/second-factor', {});
  const environment = system.environment();
  const reseal = (keys: string) =>
    runCommand(['dist/apps/cli/main.js', 'secrets', 'reseal'], { ...environment, ENCRYPTION_KEYS: keys });
  const [fresh, other] = ['N', 'O'].map((letter) => `${letter.toLowerCase()}:${letter.repeat(42)}A`);
  const lost = await reseal(`${other}`);
  expect(lost).toMatchObject({ code: 1, output: expect.stringContaining(`${trader.slug}: 1 secrets open under none`) });
  const done = await reseal(`${fresh},${environment['ENCRYPTION_KEYS']}`);
  expect(done).toMatchObject({ code: 0, output: expect.stringContaining('sealed anew') });
  const [factor] = await trader.rows<{ secret: string }>('select secret from second_factor where tenant_id = $1', [
    trader.id,
  ]);
  expect(factor?.secret).toMatch(/^v1\.n\./);
});
