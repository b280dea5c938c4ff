import { newTenant } from '#erp/tenants/testing';
import type { TestServer } from '#libs/http/testing';
import { uuidv7 } from '#libs/kernel';
import { call } from './identity.api.js';
import { PASSWORD } from './identity.stage.js';

/** A tenant that signed up over HTTP. */
export interface Company {
  readonly slug: string;
  /** A token of ada@acme.example, the owner. */
  readonly owner: string;
  /** The token of somebody new with one of the first roles. */
  colleague(role: string): Promise<string>;
}

/** Signs a company up. */
export async function company(api: TestServer): Promise<Company> {
  const request = newTenant();
  const { status } = await call(api, 'POST /v1/tenants', { body: request });
  if (status !== 201) throw new Error(`the sign-up was answered with ${status}`);
  const owner = await signedIn(api, request.slug);
  return {
    slug: request.slug,
    owner,
    colleague: async (name) => {
      const roles = await call<{ items: { id: string; name: string }[] }>(api, 'GET /v1/roles', { token: owner });
      const roleIds = roles.body.items.filter((role) => role.name === name).map((role) => role.id);
      const email = `${uuidv7()}@acme.example`;
      await call(api, 'POST /v1/users', { token: owner, body: { email, name: 'Vic', password: PASSWORD, roleIds } });
      return signedIn(api, request.slug, { email });
    },
  };
}

/** The access token of a new session. */
export async function signedIn(
  api: TestServer,
  slug: string,
  { email = 'ada@acme.example', headers = {} }: { email?: string; headers?: Record<string, string> } = {},
): Promise<string> {
  const { status, body } = await call<{ accessToken: string }>(api, 'POST /v1/auth/tokens', {
    body: { email, password: PASSWORD },
    headers: { 'x-tenant': slug, ...headers },
  });
  if (status !== 200) throw new Error(`the sign-in was answered with ${status}`);
  return body.accessToken;
}
