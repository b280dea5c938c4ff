import { type CreditNote, type Id, type Invoice, type Order, type PageOf, type Payment, Trader } from './trader.js';

/** One of everything that a tenant can have. */
export interface Estate {
  readonly trader: Trader;
  /** Stands in every name and text of it: nobody else may ever see it. */
  readonly canary: string;
  /** By the segment of the path that the id follows: `sales-orders`, `stock-receipts`. */
  readonly ids: Readonly<Record<string, string>>;
  readonly slug: string;
}

/** Makes one of everything. */
export async function estateOf(trader: Trader): Promise<Estate> {
  const canary = `Canary ${trader.slug}`;
  const stock = await stockOf(trader, canary);
  const sale = await saleOf(trader, canary, stock);
  const account = { code: '7777', name: canary, type: 'expense' };
  const [accounts, role] = await Promise.all([
    trader.post<Id>('/v1/accounts', account),
    trader.post<Id>('/v1/roles', { name: canary, permissions: ['catalog.read'] }),
  ]);
  const money = { amount: '1.00', currency: 'GBP' };
  const entry = await trader.post<Id>('/v1/journal-entries', {
    entryDate: '2026-01-31',
    description: canary,
    lines: [
      { accountId: accounts.id, debit: money },
      { accountId: accounts.id, credit: money },
    ],
  });
  const user = { email: `second@${trader.slug}.example`, name: canary, password: 'correct horse battery staple' };
  const key = await trader.post<Id>('/v1/api-keys', { name: canary, permissions: ['catalog.read'] });
  const provider = await trader.post<Id>('/v1/identity-providers', {
    slug: 'other',
    name: canary,
    // An address that needs no name server, and nobody calls it.
    issuer: 'https://8.8.8.8',
    clientId: 'quoin',
    clientSecret: canary,
    linkByEmail: false,
    trustsSecondFactor: false,
    defaultRoleId: role.id,
    enabled: false,
  });
  const { items: sessions } = await trader.get<PageOf<Id>>('/v1/auth/sessions');
  const linked = await identityOf(trader, canary, provider);
  const users = await trader.post<Id>('/v1/users', { ...user, roleIds: [role.id] });
  return {
    trader,
    canary,
    slug: stock.slug,
    ids: {
      ...stock.ids,
      ...sale,
      accounts: accounts.id,
      'api-keys': key.id,
      'identity-providers': provider.id,
      'journal-entries': entry.id,
      'linked-identities': linked.id,
      roles: role.id,
      sessions: sessions[0]!.id,
      users: users.id,
    },
  };
}

/** An identity of the owner's at a provider: written down, because nobody is there to sign in at. */
async function identityOf(trader: Trader, canary: string, provider: Id): Promise<Id> {
  const [linked] = await trader.rows<Id>(
    `insert into linked_identity (tenant_id, id, user_id, provider_id, issuer, subject)
     select tenant_id, gen_random_uuid(), id, $2, 'https://8.8.8.8', $3 from app_user
     where tenant_id = $1 and email = $4 returning id`,
    [trader.id, provider.id, canary, trader.email],
  );
  if (!linked) throw new Error(`${trader.email} is no user`);
  return linked;
}

async function stockOf(trader: Trader, canary: string) {
  const category = await trader.post<Id>('/v1/categories', { name: canary });
  const product = await trader.post<Id & { readonly slug: string }>('/v1/products', {
    sku: canary,
    name: canary,
    categoryId: category.id,
    price: { amount: '12.50', currency: 'GBP' },
    taxCode: 'standard',
    taxRatePercent: '20',
  });
  const warehouse = await trader.post<Id>('/v1/warehouses', { code: 'SECRET', name: canary });
  const receipt = await trader.receive(warehouse, product, 10, '5.00');
  const adjustment = await trader.post<Id>('/v1/stock-adjustments', {
    warehouseId: warehouse.id,
    reference: canary,
    lines: [{ productId: product.id, quantity: -1, reason: canary }],
  });
  const ids = {
    categories: category.id,
    products: product.id,
    warehouses: warehouse.id,
    'stock-receipts': receipt.id,
    'stock-adjustments': adjustment.id,
  };
  return { ids, slug: product.slug };
}

async function saleOf(trader: Trader, canary: string, { ids }: { ids: { products: string; warehouses: string } }) {
  const customer = await trader.customer(canary, `buyer@${trader.slug}.example`);
  const order: Order = await trader.order(customer, { id: ids.warehouses }, [[{ id: ids.products }, 2]]);
  const invoice: Invoice = await trader.invoiceOf(order);
  await trader.post(`/v1/sales-orders/${order.id}/shipments`, {});
  const payment: Payment = await trader.pay(order, 'pm_ok');
  const lines = [{ invoiceLineId: invoice.lines[0]?.id, quantity: 1, returnGoods: true }];
  const returned = { invoiceId: invoice.id, reason: 'return', note: canary, lines };
  const note = await trader.post<CreditNote>('/v1/credit-notes', returned);
  await trader.refund(payment, note.total.amount);
  return {
    customers: customer.id,
    'sales-orders': order.id,
    invoices: invoice.id,
    payments: payment.id,
    'credit-notes': note.id,
  };
}
