import { connect } from 'node:net';
import { Body, Controller, Get, Module, Post, Put, Query } from '@nestjs/common';
import { currentContext, runInContext } from '#libs/context';
import { DomainError } from '#libs/kernel';
import { configureLogging } from '#libs/telemetry';
import { Writable } from 'node:stream';
import { z } from 'zod';
import {
  Answers,
  IdParam,
  IfMatch,
  type ProblemDocument,
  Public,
  pageQuery,
  requireVersion,
  text,
  WithoutTenant,
} from './index.js';
import { testServer, type TestServer } from './testing/index.js';

class OutOfStock extends DomainError {
  static readonly code = 'stock.out';
  static readonly kind = 'conflict';
  constructor() {
    super('Nothing left.', { left: 0 });
  }
}

const thing = z.strictObject({
  name: text({ max: 20 }),
  parts: z.array(z.strictObject({ quantity: z.int() })).optional(),
});
const anything = z.unknown();

function databaseError(code: string): Error {
  return Object.assign(new Error('duplicate key value: Key (email)=(ann@other-tenant.test)'), { code });
}

const thrown: Record<string, () => unknown> = {
  domain: () => new OutOfStock(),
  bug: () => new Error('secret internals'),
  text: () => 'just a text',
  duplicate: () => databaseError('23505'),
  range: () => databaseError('22003'),
  nul: () => databaseError('22021'),
  check: () => databaseError('23514'),
  cancelled: () => databaseError('57014'),
  refused: () => Object.assign(new AggregateError([], 'x'), { code: 'ECONNREFUSED' }),
  pool: () => new Error('timeout exceeded when trying to connect'),
};

@Controller({ path: 'things', version: '1' })
@Public()
@WithoutTenant()
class ThingsController {
  @Post()
  @Answers(201)
  create(@Body({ schema: thing }) body: z.output<typeof thing>): unknown {
    return { body, correlationId: currentContext()?.correlationId };
  }

  @Get()
  list(@Query({ schema: pageQuery({}) }) query: unknown): unknown {
    return query;
  }

  @Get('context')
  context(): unknown {
    return runInContext({}, () => currentContext());
  }

  @Get(':id')
  one(@IdParam() id: string): unknown {
    return { id };
  }

  @Put(':id')
  replace(@IdParam() id: string, @IfMatch() version: number | undefined): unknown {
    requireVersion(3, version);
    return { id };
  }

  @Post('failures')
  fail(@Body({ schema: z.strictObject({ kind: z.string() }) }) { kind }: { kind: string }): never {
    throw thrown[kind]?.();
  }

  @Post('echo')
  @Answers(200)
  echo(@Body({ schema: anything }) body: unknown): unknown {
    return { body };
  }
}

@Module({ controllers: [ThingsController] })
class ThingsModule {}

const ID = '0190f3a0-0000-7000-8000-000000000001';
let server: TestServer;
let lines: Record<string, unknown>[];

beforeAll(async () => {
  server = await testServer(ThingsModule, {
    env: { CORS_ORIGINS: 'https://shop.example', API_BODY_LIMIT_BYTES: '300000' },
  });
  const destination = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      lines.push(JSON.parse(chunk.toString()) as Record<string, unknown>);
      done();
    },
  });
  configureLogging({ level: 'info', service: 'api', destination });
});

beforeEach(() => {
  lines = [];
});

afterAll(() => server.stop());

async function call(
  path: string,
  init: RequestInit = {},
): Promise<{ response: Response; body: ProblemDocument & Record<string, unknown> }> {
  const response = await fetch(`${server.url}${path}`, init);
  const body = (await response.text()) || '{}';
  return { response, body: JSON.parse(body) as ProblemDocument & Record<string, unknown> };
}

function post(path: string, body: string, headers: Record<string, string> = {}): ReturnType<typeof call> {
  return call(path, { method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } });
}

/** Sends raw bytes and answers everything that comes back. */
async function raw(bytes: string): Promise<string> {
  const { port, hostname } = new URL(server.url);
  const socket = connect(Number(port), hostname);
  socket.end(bytes);
  let answer = '';
  for await (const chunk of socket) answer += String(chunk);
  return answer;
}

describe('the correlation id', () => {
  it('is the caller’s, in the answer, the context and the access log', async () => {
    const { response, body } = await post('/v1/things', '{"name":"a"}', { 'x-correlation-id': 'order-42' });
    expect(response.headers.get('x-correlation-id')).toBe('order-42');
    expect(body['correlationId']).toBe('order-42');
    expect(lines).toEqual([expect.objectContaining({ channel: 'access', correlationId: 'order-42', status: 201 })]);
  });

  it('is made when there is none, or none that is fit for a log', async () => {
    for (const given of [undefined, 'a b', 'x'.repeat(200)]) {
      const { response } = await call(
        '/v1/things/context',
        given === undefined ? {} : { headers: { 'x-correlation-id': given } },
      );
      expect(response.headers.get('x-correlation-id')).toMatch(/^[0-9a-f-]{36}$/);
    }
  });

  it('survives a body that comes in pieces', async () => {
    const { port, hostname } = new URL(server.url);
    const socket = connect(Number(port), hostname);
    socket.write('POST /v1/things HTTP/1.1\r\nHost: x\r\nX-Correlation-Id: slow-1\r\nConnection: close\r\n');
    socket.write('Content-Type: application/json\r\nContent-Length: 12\r\n\r\n{"name"');
    await new Promise((resolve) => setTimeout(resolve, 50));
    socket.write(':"a"}');
    let answer = '';
    for await (const chunk of socket) answer += String(chunk);
    expect(answer).toContain('"correlationId":"slow-1"');
  });
});

describe('a request that is not valid', () => {
  it('lists everything that is wrong', async () => {
    const { response, body } = await post('/v1/things', '{"name":"","parts":[{"quantity":1.5,"color":1}],"__x":1}');
    expect(response.status).toBe(400);
    expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(body).toMatchObject({
      code: 'request.invalid',
      status: 400,
      instance: '/v1/things',
      title: 'Request invalid',
    });
    expect(body.errors?.map(({ path, code }) => [path, code])).toEqual([
      ['name', 'too_small'],
      ['parts.0.quantity', 'invalid_type'],
      ['parts.0.color', 'unknown_field'],
      ['__x', 'unknown_field'],
    ]);
  });

  it.each(['a\u0000b', 'a\u0007b', '\ud800'])(
    'refuses control characters and half characters in text: %j',
    async (name) => {
      const { response, body } = await post('/v1/things', JSON.stringify({ name }));
      expect([response.status, body.errors?.[0]?.path]).toEqual([400, 'name']);
    },
  );

  it('names the path parameter', async () => {
    const { body } = await call('/v1/things/not-a-uuid');
    expect(body).toMatchObject({ code: 'request.invalid', errors: [{ path: 'id' }] });
  });

  it.each(['limit=0', 'limit=201', 'limit=x', 'limit=1&limit=2', 'size=3'])('refuses the query %s', async (query) => {
    const { response } = await call(`/v1/things?${query}`);
    expect(response.status).toBe(400);
  });

  it('gives lists their default limit', async () => {
    expect((await call('/v1/things')).body).toEqual({ limit: 50 });
  });
});

describe('a body', () => {
  it.each(['{"name":', 'nope', '{"a":1,}', '"\u0001"'])('that is not JSON is refused: %j', async (body) => {
    const answer = await post('/v1/things/echo', body);
    expect([answer.response.status, answer.body.code]).toEqual([400, 'request.malformed']);
  });

  it('that is not UTF-8 is refused', async () => {
    const { body } = await call('/v1/things/echo', {
      method: 'POST',
      body: new Uint8Array([0x22, 0xff, 0x22]),
      headers: { 'content-type': 'application/json' },
    });
    expect(body.code).toBe('request.malformed');
  });

  it.each(['{"__proto__":{"admin":true}}', '{"constructor":{"prototype":{"admin":true}}}'])(
    'that poisons prototypes is refused: %s',
    async (body) => {
      expect((await post('/v1/things/echo', body)).body.code).toBe('request.malformed');
    },
  );

  it('may nest 64 levels and no more, brackets in texts not counted', async () => {
    const nested = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels);
    expect((await post('/v1/things/echo', nested(64))).response.status).toBe(200);
    expect((await post('/v1/things/echo', nested(65))).body.code).toBe('request.too_deep');
    expect((await post('/v1/things/echo', nested(100_000))).body.code).toBe('request.too_deep');
    expect((await post('/v1/things/echo', JSON.stringify(`\\"${'['.repeat(100)}`))).response.status).toBe(200);
  });

  it('over the limit is refused with 413', async () => {
    const { response, body } = await post('/v1/things/echo', `"${'x'.repeat(300_000)}"`);
    expect([response.status, body.code]).toEqual([413, 'request.too_large']);
  });

  it.each(['text/plain', 'application/xml', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x'])(
    'of type %s is refused with 415',
    async (type) => {
      const { response, body } = await post('/v1/things/echo', 'a=b', { 'content-type': type });
      expect([response.status, body.code]).toEqual([415, 'request.unsupported_media_type']);
    },
  );
});

describe('an address', () => {
  it('that is nowhere is 404', async () => {
    const { response, body } = await call('/v1/nothing?token=secret');
    expect([response.status, body.code, body.instance]).toEqual([404, 'route.not_found', '/v1/nothing']);
    expect(JSON.stringify(lines)).not.toContain('secret');
  });

  it('that takes other methods is 405 with Allow', async () => {
    const { response, body } = await call(`/v1/things/${ID}`, { method: 'DELETE' });
    expect([response.status, body.code]).toEqual([405, 'route.method_not_allowed']);
    expect(response.headers.get('allow')).toBe('GET, HEAD, PUT');
  });

  it('that is malformed, or far too long, is a problem too', async () => {
    expect(await raw('GET /v1/things/%zz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')).toContain(
      'request.malformed',
    );
    const long = await raw(`GET /v1/things/${'a'.repeat(1_000)} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
    expect(long).toMatch(/^HTTP\/1\.1 4\d\d [\s\S]*problem\+json/);
  });

  it('is answered whatever the client expects of us', async () => {
    const answer = await raw('GET /v1/nothing HTTP/1.1\r\nHost: x\r\nExpect: miracles\r\nConnection: close\r\n\r\n');
    expect(answer).toMatch(/^HTTP\/1\.1 404 [\s\S]*"code":"route\.not_found"/);
  });

  it('in bytes that are no HTTP is a problem too', async () => {
    const answer = await raw('NONSENSE\r\n\r\n');
    expect(answer).toMatch(/^HTTP\/1\.1 400 [\s\S]*"code":"request\.malformed"/);
  });
});

describe('what is thrown', () => {
  it.each([
    ['domain', 409, 'stock.out'],
    ['duplicate', 409, 'conflict.duplicate'],
    ['range', 400, 'request.not_storable'],
    ['nul', 400, 'request.not_storable'],
    ['check', 422, 'rule.violated'],
    ['cancelled', 503, 'service.unavailable'],
    ['refused', 503, 'service.unavailable'],
    ['pool', 503, 'service.unavailable'],
    ['bug', 500, 'internal'],
    ['text', 500, 'internal'],
  ])('%s becomes %i %s', async (kind, status, code) => {
    const { response, body } = await post('/v1/things/failures', JSON.stringify({ kind }));
    expect([response.status, body.code]).toEqual([status, code]);
    expect(JSON.stringify(body)).not.toMatch(/secret|other-tenant|just a text|Key \(/);
    if (status === 503) expect(response.headers.get('retry-after')).toMatch(/^\d+$/);
  });

  it('is sent with its details when it is the domain’s', async () => {
    const { body } = await post('/v1/things/failures', '{"kind":"domain"}');
    expect(body).toMatchObject({ detail: 'Nothing left.', details: { left: 0 }, type: 'urn:quoin:problem:stock.out' });
  });

  it('is logged with the correlation id when it is a fault of ours', async () => {
    await post('/v1/things/failures', '{"kind":"bug"}', { 'x-correlation-id': 'bug-1' });
    expect(lines).toContainEqual(
      expect.objectContaining({
        level: 'error',
        correlationId: 'bug-1',
        err: expect.objectContaining({ message: 'secret internals' }),
      }),
    );
  });
});

describe('If-Match', () => {
  it.each([
    [undefined, 200],
    ['*', 200],
    ['"3"', 200],
    ['"2"', 412],
    ['W/"3"', 412],
    ['"abc"', 412],
    ['3', 400],
  ])('%s answers %i', async (header, status) => {
    const { response } = await call(`/v1/things/${ID}`, {
      method: 'PUT',
      ...(header !== undefined && { headers: { 'if-match': header } }),
    });
    expect(response.status).toBe(status);
  });
});
