import { atLandlord, newTenant } from '#erp/tenants/testing';
import type { TestServer } from '#libs/http/testing';
import { call, identityApi, IdentityStage, PASSWORD } from '../../testing/index.js';
import { AddOperator } from '../add-operator.js';
import { ChangeOperator } from '../change-operator.js';
import { OperatorExists, OperatorNotFound } from '../operator.errors.js';
import { Operators } from '../operators.repository.js';

let stage: IdentityStage;
let api: TestServer;
let email: string;
let count = 0;

beforeAll(async () => {
  stage = await IdentityStage.open();
  api = await identityApi(stage);
});

afterAll(async () => {
  await api.stop();
  await stage.close();
});

beforeEach(async () => {
  email = `olga${(count += 1)}@quoin.example`;
  await api.app.get(AddOperator).execute({ email, name: 'Olga', password: PASSWORD });
});

interface Token {
  accessToken: string;
}

const signIn = (password = PASSWORD, address = email) =>
  call<Token & { code?: string }>(api, 'POST /v1/operator/tokens', { body: { email: address, password } });
const signOut = (token: string) => call(api, 'DELETE /v1/operator/tokens', { token });
const change = () => api.app.get(ChangeOperator);

async function audited(): Promise<string[]> {
  const rows = await atLandlord<{ line: string }>(
    stage.database,
    `select a.actor_kind || ': ' || a.reason as line from landlord_audit a
     where a.actor_id = (select id::text from operator where email = $1) order by a.created_at, a.id`,
    [email],
  );
  return rows.map(({ line }) => line);
}

it('signs in for an hour, whatever the case of the address, and signs out of all tokens at once', async () => {
  const first = await signIn();
  const second = await signIn(PASSWORD, email.toUpperCase());
  expect(first.body).toMatchObject({ tokenType: 'Bearer', expiresIn: 3_600 });
  expect((await signOut(first.body.accessToken)).status).toBe(204);
  for (const { body } of [first, second]) {
    const { status, body: problem } = await signOut(body.accessToken);
    expect([status, problem['code']]).toEqual([401, 'operator.token_void']);
  }
});

it('gives one answer to an unknown address, a wrong password and a disabled operator', async () => {
  await change().disable(email);
  const answers = [await signIn(), await signIn('wrong password!'), await signIn(PASSWORD, 'nobody@quoin.example')];
  for (const { status, body } of answers) expect([status, body.code]).toEqual([401, 'operator.refused']);
});

it.each([
  ['disabled', () => change().disable(email)],
  ['given another password', () => change().setPassword(email, 'another good password')],
])('loses all tokens at once when %s', async (_, happens) => {
  const { body } = await signIn();
  await happens();
  expect((await signOut(body.accessToken)).body['code']).toBe('operator.token_void');
});

it('is let in again with a new password, and with that one only', async () => {
  await change().disable(email);
  await change().setPassword(email, 'another good password');
  expect((await signIn('another good password')).status).toBe(200);
  expect((await signIn()).status).toBe(401);
});

it('has every sign-in and every call on the record, the refused ones too', async () => {
  await signIn('wrong password!');
  const { body } = await signIn();
  await signOut(body.accessToken);
  await signOut(body.accessToken);
  expect(await audited()).toEqual([
    'operator: an operator’s sign-in is refused',
    'operator: an operator signs in',
    'operator: an operator calls DELETE /v1/operator/tokens',
    'operator: an operator signs out',
    'operator: an operator calls DELETE /v1/operator/tokens',
  ]);
});

it('opens no tenant, and no tenant’s owner opens the landlord', async () => {
  const tenant = newTenant();
  await call(api, 'POST /v1/tenants', { body: tenant });
  const headers = { 'x-tenant': tenant.slug };
  const body = { email: tenant.admin.email, password: PASSWORD };
  const owner = await call<Token>(api, 'POST /v1/auth/tokens', { body, headers });
  const operator = await signIn();
  const refusals = [
    await call(api, 'GET /v1/users', { token: operator.body.accessToken, headers }),
    await call(api, 'GET /v1/auth/me', { token: operator.body.accessToken, headers }),
    await signOut(owner.body.accessToken),
  ];
  for (const { status, body: problem } of refusals) {
    expect([status, problem['code']]).toEqual([401, 'auth.invalid_token']);
  }
  expect((await call(api, 'DELETE /v1/operator/tokens')).status).toBe(401);
  expect((await signIn(PASSWORD, tenant.admin.email)).status).toBe(401);
});

it('is one for each address, and shown without a password', async () => {
  const again = api.app.get(AddOperator).execute({ email: email.toUpperCase(), name: 'Other', password: PASSWORD });
  await expect(again).rejects.toBeInstanceOf(OperatorExists);
  await expect(change().disable('nobody@quoin.example')).rejects.toBeInstanceOf(OperatorNotFound);
  const listed = await api.app.get(Operators).list();
  const olga = listed.find((operator) => operator.email === email);
  expect(olga).toEqual({
    id: expect.any(String),
    email,
    name: 'Olga',
    status: 'active',
    lastSignedInAt: null,
    createdAt: expect.any(Date),
  });
});

it('mutation: without the epoch in the question, a void token would still be good', async () => {
  const { body } = await signIn();
  await change().setPassword(email, 'another good password');
  await atLandlord(stage.database, 'update operator set epoch = 0 where email = $1', [email]);
  expect((await signOut(body.accessToken)).status).toBe(204);
});
