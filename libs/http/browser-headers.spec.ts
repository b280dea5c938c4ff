import { Controller, Delete, Get, Module, Post } from '@nestjs/common';
import { Public, WithoutTenant } from './index.js';
import { testServer, type TestServer } from './testing/index.js';

@Controller({ path: 'things', version: '1' })
@Public()
@WithoutTenant()
class ThingsController {
  @Get()
  list(): unknown {
    return {};
  }

  @Post()
  create(): unknown {
    return {};
  }

  @Delete(':id')
  remove(): never {
    throw new Error('broken');
  }
}

@Module({ controllers: [ThingsController] })
class ThingsModule {}

let server: TestServer;

beforeAll(async () => {
  server = await testServer(ThingsModule, { env: { CORS_ORIGINS: 'https://shop.example' } });
});

afterAll(() => server.stop());

const call = async (path: string, init: RequestInit = {}) => ({ response: await fetch(`${server.url}${path}`, init) });

describe('headers for browsers', () => {
  it.each(['GET /v1/things', 'GET /v1/nothing', 'PATCH /v1/things', 'DELETE /v1/things/1'])(
    'are strict on every answer, refusals included: %s',
    async (request) => {
      const [method = '', path = ''] = request.split(' ');
      const { headers } = (await call(path, { method })).response;
      expect(headers.get('strict-transport-security')).toContain('max-age=31536000');
      expect(headers.get('content-security-policy')).toContain("default-src 'none'");
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('x-frame-options')).toBe('DENY');
      expect(headers.get('referrer-policy')).toBe('no-referrer');
      expect(headers.get('cross-origin-opener-policy')).toBe('same-origin');
      expect(headers.get('cross-origin-resource-policy')).toBe('same-origin');
      expect(headers.get('x-powered-by')).toBeNull();
      // The address names neither tenant nor caller: a cache between would hand one's answer to the other.
      expect(headers.get('cache-control')).toBe('no-store');
    },
  );

  it('let listed origins call, and no other', async () => {
    const listed = (await call('/v1/things', { headers: { origin: 'https://shop.example' } })).response;
    expect(listed.headers.get('access-control-allow-origin')).toBe('https://shop.example');
    expect(listed.headers.get('access-control-expose-headers')).toContain('X-RateLimit-Remaining');
    const other = (await call('/v1/things', { headers: { origin: 'https://evil.example' } })).response;
    expect(other.headers.get('access-control-allow-origin')).toBeNull();
  });

  it('let no origin in that only looks like a listed one, and never say *', async () => {
    const alike = [
      'https://shop.example.evil.example',
      'https://evilshop.example',
      'http://shop.example',
      'https://shop.example:8443',
      'https://SHOP.example/',
      'null',
    ];
    for (const origin of alike) {
      const asked = (await call('/v1/things', { headers: { origin } })).response;
      const preflight = await call('/v1/things', {
        method: 'OPTIONS',
        headers: { origin, 'access-control-request-method': 'POST' },
      });
      const allowed = [asked, preflight.response].map(({ headers }) => headers.get('access-control-allow-origin'));
      expect([origin, ...allowed]).toEqual([origin, null, null]);
      // Answers differ by origin: a cache between must know.
      expect(asked.headers.get('vary')).toContain('Origin');
    }
  });

  it('answer preflights with the correlation id', async () => {
    const { response } = await call('/v1/things', {
      method: 'OPTIONS',
      headers: { origin: 'https://shop.example', 'access-control-request-method': 'POST' },
    });
    expect([response.status, response.headers.get('access-control-allow-methods')]).toEqual([
      204,
      expect.stringContaining('POST'),
    ]);
    expect(response.headers.get('x-correlation-id')).not.toBeNull();
  });
});
