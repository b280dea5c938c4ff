import { customerId, productId, slugOf, warehouseId } from '../data/ids.mjs';

const pick = (count) => 1 + Math.floor(Math.random() * count);

const request = (line, headers, body = '') =>
  `${line} HTTP/1.1\r\nHost: 127.0.0.1\r\n${headers.map((header) => `${header}\r\n`).join('')}\r\n${body}`;

/** Takes one of some requests after the other, beginning anywhere. */
function inTurn(requests) {
  const bytes = requests.map((text) => Buffer.from(text, 'latin1'));
  let turn = pick(bytes.length);
  return () => bytes[turn++ % bytes.length];
}

function orderBody(tenant, { products, customers }) {
  const chosen = new Set();
  while (chosen.size < 3) chosen.add(pick(products));
  const lines = [...chosen].map((product) => `{"productId":"${productId(tenant, product)}","quantity":${pick(3)}}`);
  return (
    `{"customerId":"${customerId(tenant, pick(customers))}","warehouseId":"${warehouseId(tenant)}",` +
    `"confirm":true,"lines":[${lines.join(',')}]}`
  );
}

/** No two requests of a run have the same key. */
function idempotencyKeys() {
  const run = `${Date.now().toString(36)}-${process.pid}-${Math.random().toString(36).slice(2, 8)}`;
  let count = 0;
  return () => `bench-${run}-${count++}`;
}

/**
 * What the generator can send. Each takes the plan's parameters and gives a function that makes the next request.
 * `tenants` are numbers of tenants; `signedIn` is `[tenant, access token][]`.
 */
export const REQUESTS = {
  /** The same path for each of some tenants; `etags` by tenant makes the request conditional. */
  get({ path, tenants, etags = {} }) {
    return inTurn(
      tenants.map((tenant) => {
        const condition = etags[tenant] === undefined ? [] : [`If-None-Match: ${etags[tenant]}`];
        return request(`GET ${path}`, [`X-Tenant: ${slugOf(tenant)}`, ...condition]);
      }),
    );
  },

  /** Pages of tenants: `[tenant, path][]`. */
  getPages({ pages }) {
    return inTurn(pages.map(([tenant, path]) => request(`GET ${path}`, [`X-Tenant: ${slugOf(tenant)}`])));
  },

  /** The same path for whoever is signed in. */
  getSignedIn({ path, signedIn }) {
    return inTurn(signedIn.map(([, token]) => request(`GET ${path}`, [`Authorization: Bearer ${token}`])));
  },

  /** Paths as they are: of the bare servers. */
  getPaths({ paths }) {
    return inTurn(paths.map((path) => request(`GET ${path}`, [])));
  },

  /** Orders of three products among many, confirmed at once, each with a key of its own. */
  order({ signedIn, products, customers }) {
    const nextKey = idempotencyKeys();
    return () => {
      const [tenant, token] = signedIn[pick(signedIn.length) - 1];
      const body = orderBody(tenant, { products, customers });
      const headers = [
        `Authorization: Bearer ${token}`,
        'Content-Type: application/json',
        `Content-Length: ${body.length}`,
        `Idempotency-Key: ${nextKey()}`,
      ];
      return request('POST /v1/sales-orders', headers, body);
    };
  },
};
