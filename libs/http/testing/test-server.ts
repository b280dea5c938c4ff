import type { DynamicModule, Type } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { testConfig } from '#libs/config/testing';
import { type ApiReference, createHttpApp, serve, type Serving } from '#libs/http';
import { configureLogging } from '#libs/telemetry';

/** An application that listens on a port of its own for one spec. */
export interface TestServer extends Serving {
  readonly app: NestFastifyApplication;
}

/** What a spec may want otherwise. */
export interface TestServerOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly reference?: ApiReference;
  readonly readinessDelayMs?: number;
  readonly graceMs?: number;
}

/** Serves the module's routes on a free port, as in production, silently. Stop it in `afterAll`. */
export async function testServer(module: Type | DynamicModule, options: TestServerOptions = {}): Promise<TestServer> {
  configureLogging({ level: 'silent', service: 'test' });
  const config = testConfig(options.env);
  const app = await createHttpApp(module, {
    config,
    logger: false,
    ...(options.reference && { reference: options.reference }),
  });
  const { readinessDelayMs = 0, graceMs = 5_000 } = options;
  const serving = await serve(app, { host: '127.0.0.1', port: 0, readinessDelayMs, graceMs });
  return { ...serving, app };
}
