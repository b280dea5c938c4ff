import { Agent, get, type IncomingMessage } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { Controller, Get, Injectable, Module, type OnModuleDestroy } from '@nestjs/common';
import { Draining, Public, WithoutTenant } from './index.js';
import { testServer } from './testing/index.js';

const events: string[] = [];

@Injectable()
class Resource implements OnModuleDestroy {
  onModuleDestroy(): void {
    events.push('resource closed');
  }
}

@Controller({ path: 'slow', version: '1' })
@Public()
@WithoutTenant()
class SlowController {
  constructor(readonly draining: Draining) {}

  @Get()
  async slow(): Promise<unknown> {
    await sleep(300);
    events.push('answered');
    return { done: true };
  }

  @Get('state')
  state(): unknown {
    return { draining: this.draining.isDraining };
  }
}

@Module({ controllers: [SlowController], providers: [Resource] })
class SlowModule {}

function request(
  url: string,
  agent: Agent,
): Promise<{ status: number; headers: IncomingMessage['headers']; body: string }> {
  return new Promise((resolve, reject) => {
    get(url, { agent }, (response) => {
      let body = '';
      response.on('data', (chunk) => (body += String(chunk)));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }));
    }).on('error', reject);
  });
}

beforeEach(() => {
  events.length = 0;
});

describe('a listener', () => {
  it('bounds how long clients may take and hold on', async () => {
    const server = await testServer(SlowModule);
    expect(server.app.getHttpServer()).toMatchObject({
      requestTimeout: 30_000,
      headersTimeout: 15_000,
      keepAliveTimeout: 65_000,
      timeout: 75_000,
    });
    await server.stop();
  });
});

describe('stopping', () => {
  it('lets requests in flight finish before anything they use is closed', async () => {
    const server = await testServer(SlowModule);
    const agent = new Agent({ keepAlive: true });
    const inFlight = request(`${server.url}/v1/slow`, agent);
    await sleep(50);
    const stopped = server.stop();
    await expect(inFlight).resolves.toMatchObject({ status: 200, body: '{"done":true}' });
    await stopped;
    expect(events).toEqual(['answered', 'resource closed']);
    agent.destroy();
  });

  it('goes on serving while readiness says no, and tells clients to reconnect elsewhere', async () => {
    const server = await testServer(SlowModule, { readinessDelayMs: 2_000 });
    const agent = new Agent({ keepAlive: true });
    const before = await request(`${server.url}/v1/slow/state`, agent);
    expect([before.body, before.headers.connection]).toEqual(['{"draining":false}', 'keep-alive']);
    const stopped = server.stop();
    await sleep(50);
    const during = await request(`${server.url}/v1/slow/state`, agent);
    expect([during.status, during.body, during.headers.connection]).toEqual([200, '{"draining":true}', 'close']);
    await stopped;
    await expect(request(`${server.url}/v1/slow/state`, agent)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    agent.destroy();
  });

  it('does not wait for connections that are merely kept open', async () => {
    const server = await testServer(SlowModule);
    const agent = new Agent({ keepAlive: true });
    await request(`${server.url}/v1/slow/state`, agent);
    // It would take the 65 s of the keep-alive timeout, which is longer than any test may.
    await server.stop();
    expect(events).toEqual(['resource closed']);
    agent.destroy();
  });

  it('gives up what is in flight when the grace is over', async () => {
    const server = await testServer(SlowModule, { graceMs: 50 });
    const agent = new Agent({ keepAlive: true });
    const inFlight = request(`${server.url}/v1/slow`, agent);
    await sleep(50);
    await Promise.all([server.stop(), expect(inFlight).rejects.toMatchObject({ code: 'ECONNRESET' })]);
    agent.destroy();
  });

  it('happens once, however often it is asked for', async () => {
    const server = await testServer(SlowModule);
    await Promise.all([server.stop(), server.stop()]);
    await server.stop();
    expect(events.filter((event) => event === 'resource closed')).toHaveLength(1);
  });
});
