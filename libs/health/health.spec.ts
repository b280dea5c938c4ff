import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { testServer, type TestServer } from '#libs/http/testing';
import { HealthModule } from './health.module.js';
import { type CheckResult, ReadinessCheck } from './readiness-check.js';

type Behaviour = () => Promise<CheckResult>;

let store: Behaviour;
let queue: Behaviour;
let asked = 0;

@Injectable()
class StoreCheck extends ReadinessCheck {
  override readonly name = 'store';
  override check(): Promise<CheckResult> {
    asked += 1;
    return store();
  }
}

@Injectable()
class QueueCheck extends ReadinessCheck {
  override readonly name = 'queue';
  override check(): Promise<CheckResult> {
    return queue();
  }
}

const module = HealthModule.forRoot({ checks: [StoreCheck, QueueCheck] });
let server: TestServer;

beforeEach(async () => {
  asked = 0;
  store = async () => ({});
  queue = async () => ({ details: { waiting: 3 } });
  server = await testServer(module, { readinessDelayMs: 0 });
});

afterEach(() => server.stop());

async function probe(path: string): Promise<{ status: number; body: Record<string, unknown> }> {
  const response = await fetch(`${server.url}${path}`);
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

describe('the probes', () => {
  it('are all well when everything answers', async () => {
    expect(await probe('/livez')).toEqual({ status: 200, body: { status: 'ok', info: {}, error: {}, details: {} } });
    expect(await probe('/readyz')).toMatchObject({
      status: 200,
      body: { status: 'ok', details: { process: { status: 'up' }, store: { status: 'up' }, queue: { status: 'up' } } },
    });
    expect(await probe('/health')).toMatchObject({
      status: 200,
      body: { status: 'healthy', checks: { store: 'ok', queue: 'ok' }, details: { queue: { waiting: 3 } } },
    });
  });

  it('say "alive" and "not ready" when a dependency fails, and not why', async () => {
    store = () => Promise.reject(new Error('connect ECONNREFUSED postgres://quoin_app:secret@db'));
    expect(await probe('/livez')).toMatchObject({ status: 200 });
    const ready = await probe('/readyz');
    expect(ready).toMatchObject({
      status: 503,
      body: {
        status: 'error',
        error: { store: { status: 'down', message: 'does not answer' } },
        info: { queue: { status: 'up' } },
      },
    });
    expect(JSON.stringify(ready)).not.toMatch(/secret|quoin_app/);
    expect(await probe('/health')).toMatchObject({
      status: 503,
      body: { status: 'unhealthy', checks: { store: 'failed', queue: 'ok' } },
    });
  });

  it('do not wait for a dependency that hangs', async () => {
    store = () => new Promise(() => undefined);
    expect(await probe('/readyz')).toMatchObject({ status: 503, body: { error: { store: { status: 'down' } } } });
  });

  it('stay ready while something is merely degraded', async () => {
    queue = async () => ({ degraded: true, details: { waiting: 1_001 } });
    expect(await probe('/readyz')).toMatchObject({ status: 200, body: { status: 'degraded' } });
    expect(await probe('/health')).toMatchObject({
      status: 200,
      body: { status: 'degraded', checks: { store: 'ok', queue: 'degraded' }, details: { queue: { waiting: 1_001 } } },
    });
  });

  it('say "not ready" while the process drains, and go on answering', async () => {
    await server.stop();
    // Long enough for two probes on a busy machine.
    server = await testServer(module, { readinessDelayMs: 3_000 });
    const stopped = server.stop();
    await sleep(50);
    expect(await probe('/livez')).toMatchObject({ status: 200 });
    expect(await probe('/readyz')).toMatchObject({
      status: 503,
      body: { error: { process: { status: 'down', message: 'draining' } } },
    });
    await stopped;
  });

  it('ask each dependency twice a second at most, however many come', async () => {
    await Promise.all(Array.from({ length: 50 }, () => probe('/readyz')));
    expect(asked).toBeLessThanOrEqual(2);
  });
});
