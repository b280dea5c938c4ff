import { request } from 'node:http';
import { Module } from '@nestjs/common';
import { TenantsHttpModule } from '#erp/tenants/http';
import { CacheModule } from '#libs/cache';
import { ContextModule } from '#libs/context';
import { DatabaseModule } from '#libs/database';
import { EventsModule } from '#libs/events';
import { RequestGuards } from '#libs/http';
import { testServer, type TestServer } from '#libs/http/testing';
import { TenancyModule, TenantDirectory } from '#libs/tenancy';
import { IdentityHttpModule } from '../http.js';
import { VerifyApiKey } from '../api-keys/verify-api-key.js';
import { OperatorsModule } from '../operators.module.js';
import { VerifyOperator } from '../operators/verify-operator.js';
import { SessionsModule } from '../sessions.module.js';
import { VerifySession } from '../sessions/verify-session.js';
import type { IdentityStage } from './identity.stage.js';

/** An answer of the API. */
export interface Answer<T> {
  readonly status: number;
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly body: T;
}

/** What a call brings besides its method and path. */
export interface Call {
  readonly body?: unknown;
  readonly token?: string | undefined;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Tenants and identity behind the real guards. `env` says what the stage's environment does not. */
export async function identityApi(
  stage: IdentityStage,
  env: Readonly<Record<string, string>> = {},
): Promise<TestServer> {
  @Module({
    imports: [
      ContextModule,
      DatabaseModule.forRoot(stage.database.options),
      CacheModule.forRoot({}),
      TenancyModule,
      EventsModule.forRoot(),
      RequestGuards.forRoot({
        tenants: TenantDirectory,
        sessions: VerifySession,
        operators: VerifyOperator,
        apiKeys: VerifyApiKey,
        imports: [SessionsModule, OperatorsModule],
      }),
      TenantsHttpModule,
      IdentityHttpModule,
    ],
  })
  class IdentityApi {}
  const limits = {
    API_RATE_LIMIT: '100000',
    API_LOGIN_RATE_LIMIT: '100000',
    API_REGISTRATION_RATE_LIMIT: '100000',
    API_RESET_RATE_LIMIT: '100000',
  };
  return testServer(IdentityApi, { env: { ...stage.env, ...limits, ...env } });
}

/** Calls a server like a client; fetch would not let a spec choose the host. `T` is what the spec expects to get. */
export function call<T = Record<string, unknown>>(
  server: TestServer,
  route: `${'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'} /${string}`,
  { body, token, headers = {} }: Call = {},
): Promise<Answer<T>> {
  const [method = 'GET', path = '/'] = route.split(' ');
  const payload = body === undefined ? undefined : JSON.stringify(body);
  return new Promise((resolve, reject) => {
    const sent = request(
      new URL(path, server.url),
      {
        method,
        headers: {
          ...(payload !== undefined && { 'content-type': 'application/json' }),
          ...(token !== undefined && { authorization: `Bearer ${token}` }),
          ...headers,
        },
      },
      (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: (text === '' ? undefined : JSON.parse(text)) as T,
          }),
        );
      },
    );
    sent.on('error', reject);
    sent.end(payload);
  });
}
