import { Writable } from 'node:stream';
import { runInContext, type TenantIdentity } from '#libs/context';
import { configureLogging, logger } from './logger.js';
import { NestLogger } from './nest-logger.js';
import { redacted, scrubbed } from './redact.js';

const tenant: TenantIdentity = {
  id: '0190f3a0-0000-7000-8000-000000000001',
  slug: 'acme',
  name: 'Acme Ltd',
  currency: 'GBP',
  timeZone: 'Europe/London',
  status: 'active',
  placement: { model: 'shared', cluster: 'default', database: 'quoin_tenants', schema: 'public' },
};

let lines: Record<string, unknown>[] = [];

beforeEach(() => {
  lines = [];
  const destination = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      lines.push(JSON.parse(chunk.toString()) as Record<string, unknown>);
      done();
    },
  });
  configureLogging({ level: 'trace', service: 'api', destination });
});

describe('a log line', () => {
  it('carries channel, correlation id and tenant of the running context', () => {
    runInContext({ correlationId: 'c-1', tenant }, () => logger('worker').info({ jobId: 'j' }, 'done'));
    expect(lines).toEqual([
      expect.objectContaining({
        level: 'info',
        service: 'api',
        channel: 'worker',
        correlationId: 'c-1',
        tenantId: tenant.id,
        tenant: 'acme',
        jobId: 'j',
        msg: 'done',
      }),
    ]);
  });

  it('is written outside of any context too', () => {
    logger().warn('alone');
    expect(lines[0]).toMatchObject({ level: 'warn', channel: 'application', msg: 'alone' });
    expect(lines[0]).not.toHaveProperty('correlationId');
  });

  it('hides secrets by their keys, however deep', () => {
    logger().info({
      headers: { Authorization: 'x1', cookie: 'x2', 'set-cookie': ['x3'] },
      body: { refreshToken: 'x4' },
    });
    logger().info({
      list: [{ password: 'x5', newPassword: 'x6', clientSecret: 'x7', apiKey: 'x8', accessToken: 'x9' }],
    });
    expect(JSON.stringify(lines)).not.toMatch(/x\d/);
    expect(JSON.stringify(lines)).toContain('[redacted]');
  });

  it('hides secrets inside texts: messages, errors, their stacks and causes', () => {
    const cause = new Error('connect redis://:hunter2@localhost:6379/0');
    const error = new Error('postgres://app:hunter2@db/quoin refused Bearer hunter2.hunter2', { cause });
    logger().error({ err: error }, 'failed with smtps://me:hunter2@mail and eyJhbGciOiJFZERTQSJ9.hunter2.hunter2');
    expect(JSON.stringify(lines)).not.toContain('hunter2');
    expect(lines[0]).toMatchObject({
      err: { type: 'Error', cause: { message: expect.stringContaining('localhost') } },
    });
  });

  it('does not write what an SQL statement was given', () => {
    const error = Object.assign(new Error('duplicate key'), {
      code: '23505',
      constraint: 'customer_email_key',
      parameters: ['ann@example.test'],
      detail: 'Key (email)=(ann@example.test) already exists.',
    });
    logger().error({ err: error });
    expect(lines[0]).toMatchObject({ err: { code: '23505', constraint: 'customer_email_key' } });
    expect(JSON.stringify(lines)).not.toContain('ann@');
  });
});

describe('the logger of Nest', () => {
  it('writes JSON with the source of the line', () => {
    new NestLogger().log('Mapped {/livez, GET} route', 'RouterExplorer');
    expect(lines[0]).toMatchObject({ level: 'info', source: 'RouterExplorer', msg: 'Mapped {/livez, GET} route' });
  });

  it('describes errors', () => {
    new NestLogger().error(new TypeError('broken'), undefined, 'ExceptionsHandler');
    expect(lines[0]).toMatchObject({
      level: 'error',
      source: 'ExceptionsHandler',
      err: { type: 'TypeError' },
      msg: 'broken',
    });
  });

  it('keeps a stack that comes as text', () => {
    new NestLogger().error('broken', 'Error: broken\n  at x', 'Somewhere');
    expect(lines[0]).toMatchObject({ source: 'Somewhere', stack: 'Error: broken\n  at x', msg: 'broken' });
  });
});

describe('redacted', () => {
  it('survives cycles, depth, bigints and bytes', () => {
    const cyclic: Record<string, unknown> = { amount: 12n, bytes: Buffer.alloc(3), when: new Date(0) };
    cyclic['self'] = cyclic;
    const copy = JSON.stringify(redacted(cyclic));
    expect(copy).toContain('"amount":"12"');
    expect(copy).toContain('[3 bytes]');
    expect(copy).toContain('[deep]');
  });

  it('hides what signed links are signed with', () => {
    const link = 'https://s3/quoin/x.pdf?X-Amz-Date=1&X-Amz-Signature=abcdef&X-Amz-Expires=60';
    expect(scrubbed(link)).toBe('https://s3/quoin/x.pdf?X-Amz-Date=1&X-Amz-Signature=[redacted]&X-Amz-Expires=60');
  });
});
