/** What the OpenAPI document says about the API as a whole. */
export const apiReference = {
  title: 'Quoin',
  version: '1',
  description: [
    'Multi-tenant ERP: catalogue, stock, orders, payments, invoices and books.',
    '',
    'Name the tenant with `X-Tenant`, by host, or with a token of it. Errors are problem details (RFC 9457) with a stable',
    '`code`. Money is a decimal string with a currency; line amounts are rounded half-even once per line, taxes once per',
    'rate and document.',
    '',
    'Answers may carry `X-Consistency-Token`; sent back with the next request, it is never answered with less than was seen.',
  ].join('\n'),
};
