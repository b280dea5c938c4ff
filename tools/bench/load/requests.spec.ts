import { REQUESTS } from './requests.mjs';

const parts = (text: string) => {
  const [head = '', body = ''] = text.split('\r\n\r\n');
  return { head, body };
};

it('orders three different products, with a key that never comes again', () => {
  const next = REQUESTS.order({ signedIn: [[7, 'token-of-7']], products: 3, customers: 1 });
  const requests = Array.from({ length: 200 }, () => parts(next()));
  for (const { head, body } of requests) {
    const order = JSON.parse(body);
    expect(new Set(order.lines.map((line: { productId: string }) => line.productId)).size).toBe(3);
    expect(order).toMatchObject({ confirm: true, warehouseId: '00000007-0003-7000-8000-000000000001' });
    expect(head).toContain('Authorization: Bearer token-of-7');
    expect(head).toContain(`Content-Length: ${Buffer.byteLength(body)}`);
  }
  expect(new Set(requests.map(({ head }) => /Idempotency-Key: (.*)/.exec(head)?.[1])).size).toBe(200);
});

it('asks for each tenant in turn, with the tag of its own page', () => {
  const next = REQUESTS.get({ path: '/page', tenants: [1, 2], etags: { 1: '"one"', 2: '"two"' } });
  const asked = Array.from({ length: 4 }, () => String(next()));
  const heads = asked.map((text) =>
    [/X-Tenant: (.*)\r/.exec(text)?.[1], /If-None-Match: (.*)\r/.exec(text)?.[1]].join(),
  );
  expect(heads.toSorted()).toEqual(['bench-1,"one"', 'bench-1,"one"', 'bench-2,"two"', 'bench-2,"two"']);
});

it('asks for each page of each tenant in turn', () => {
  const pages = [
    [1, '/one'],
    [2, '/two'],
  ];
  const next = REQUESTS.getPages({ pages });
  const asked = Array.from({ length: 4 }, () => String(next()));
  const heads = asked.map((text) => [/GET (.*) HTTP/.exec(text)?.[1], /X-Tenant: (.*)\r/.exec(text)?.[1]].join());
  expect(heads.toSorted()).toEqual(['/one,bench-1', '/one,bench-1', '/two,bench-2', '/two,bench-2']);
});
