import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { decodeJwt, decodeProtectedHeader, exportJWK, generateKeyPair, importJWK, type JWK, SignJWT } from 'jose';
import { type Adapter, type AdapterPayload, Provider } from 'oidc-provider';

/** Somebody who has an account at the server. */
export interface Account {
  readonly sub: string;
  readonly email?: string;
  readonly email_verified?: boolean;
  readonly name?: string;
}

/** Changes what an ID token says, or who signs it, before it leaves the server. */
export type Tampering = (payload: Record<string, unknown>) => { payload?: Record<string, unknown>; key?: JWK };

export const CLIENT_ID = 'quoin';
export const CLIENT_SECRET = 'a secret of the client';

const ALGORITHM = 'RS256';

/** What a provider remembers: everything, until it is made anew. */
function adapterOf(rows: Map<string, AdapterPayload>): (name: string) => Adapter {
  const byUid = (uid: string) => [...rows.values()].find((row) => row.uid === uid);
  return (name) => ({
    upsert: async (id, payload) => void rows.set(`${name}:${id}`, payload),
    find: async (id) => rows.get(`${name}:${id}`),
    findByUid: async (uid) => byUid(uid),
    findByUserCode: async () => undefined,
    consume: async (id) => {
      const row = rows.get(`${name}:${id}`);
      if (row) row.consumed = Math.floor(Date.now() / 1_000);
    },
    destroy: async (id) => void rows.delete(`${name}:${id}`),
    revokeByGrantId: async (grantId) => {
      for (const [key, row] of rows) if (row.grantId === grantId) rows.delete(key);
    },
  });
}

/** Makes a key to sign with. */
export async function newSigningKey(kid: string): Promise<JWK> {
  const { privateKey } = await generateKeyPair(ALGORITHM, { extractable: true });
  return { ...(await exportJWK(privateKey)), kid, alg: ALGORITHM, use: 'sig' };
}

/** A real OpenID provider (npm `oidc-provider`) on an HTTP server of its own. Whoever comes is signed in as `account`. */
export class OidcServer {
  account: Account = { sub: 'ada', email: 'ada@acme.example', email_verified: true, name: 'Ada Lovelace' };
  tampering: Tampering | undefined;
  /** How often each of its addresses was asked for. */
  readonly asked: string[] = [];

  private provider: Provider | undefined;
  private key: JWK | undefined;

  private constructor(private readonly server: Server) {}

  static async start(): Promise<OidcServer> {
    const listening = createServer();
    const server = new OidcServer(listening);
    listening.on('request', (request, response) => void server.serve(request, response));
    listening.listen(0, '127.0.0.1');
    await once(listening, 'listening');
    return server;
  }

  get issuer(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Begins to serve, with another key: what was signed before is not any more. */
  async use(key: JWK, redirectUris: readonly string[]): Promise<void> {
    this.key = key;
    const provider: Provider = new Provider(this.issuer, {
      clients: [
        {
          client_id: CLIENT_ID,
          client_secret: CLIENT_SECRET,
          redirect_uris: [...redirectUris],
          grant_types: ['authorization_code'],
          response_types: ['code'],
        },
      ],
      adapter: adapterOf(new Map()),
      jwks: { keys: [key] },
      cookies: { keys: ['of the test'] },
      claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
      features: { devInteractions: { enabled: false } },
      interactions: { url: (_context, interaction) => `/interaction/${interaction.uid}` },
      ttl: { AccessToken: 60, AuthorizationCode: 60, IdToken: 60, Session: 60, Interaction: 60, Grant: 60 },
      findAccount: (_context, accountId) => ({
        accountId,
        claims: () => ({ ...this.account }),
      }),
      loadExistingGrant: async (context) => {
        const { client, session } = context.oidc;
        const grant = new provider.Grant({ clientId: client!.clientId, accountId: session!.accountId! });
        grant.addOIDCScope('openid email profile');
        await grant.save();
        return grant;
      },
    });
    // The faults that are brought about here are not for the output of the tests.
    provider.on('server_error', () => undefined);
    this.provider = provider;
  }

  /** Goes where Quoin sends a browser, signs in, and gives the query with which the browser comes back. */
  async visit(url: string): Promise<string> {
    const cookies = new Map<string, string>();
    let next = url;
    for (let step = 0; step < 10; step++) {
      const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
      const answer = await fetch(next, { redirect: 'manual', headers: { cookie } });
      for (const line of answer.headers.getSetCookie()) {
        const [pair = ''] = line.split(';');
        cookies.set(pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1));
      }
      const location = answer.headers.get('location');
      if (location === null) throw new Error(`the provider answered ${answer.status}: ${await answer.text()}`);
      next = new URL(location, next).href;
      if (!next.startsWith(this.issuer)) return new URL(next).search.slice(1);
    }
    throw new Error('the provider goes round in circles');
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { provider } = this;
    if (!provider) return void response.writeHead(503).end();
    const { pathname } = new URL(request.url ?? '/', this.issuer);
    this.asked.push(`${request.method} ${pathname}`);
    if (pathname.startsWith('/interaction/')) {
      const result = { login: { accountId: this.account.sub } };
      return provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
    }
    if (pathname === '/token' && this.tampering) this.tamper(response, this.tampering);
    await provider.callback()(request, response);
  }

  /** Between the provider and the wire: its ID token goes out as somebody wanted it to. */
  private tamper(response: ServerResponse, tampering: Tampering): void {
    const end = response.end.bind(response) as (body: string) => ServerResponse;
    response.end = ((body: string | Buffer) => {
      void this.tampered(String(body), tampering).then((text) => {
        response.setHeader('content-length', Buffer.byteLength(text));
        return end(text);
      });
      return response;
    }) as typeof response.end;
  }

  private async tampered(body: string, tampering: Tampering): Promise<string> {
    const answer = JSON.parse(body) as { id_token?: string };
    if (answer.id_token === undefined) return body;
    const { payload = decodeJwt(answer.id_token), key = this.key } = tampering({ ...decodeJwt(answer.id_token) });
    const header = { ...decodeProtectedHeader(answer.id_token), alg: ALGORITHM };
    const token = await new SignJWT(payload).setProtectedHeader(header).sign(await importJWK(key as JWK, ALGORITHM));
    return JSON.stringify({ ...answer, id_token: token });
  }
}
