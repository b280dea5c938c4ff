import { check, reach, same, until } from './api.mjs';
import { entryOf } from './books.mjs';
import { pence } from './money.mjs';
import { columns } from './play.mjs';

async function invoice(world) {
  const { api, order } = world;
  const { id } = await until('the order is invoiced', () => api.first(`/v1/invoices?orderId=${order.id}`));
  world.invoice = await api.get(`/v1/invoices/${id}`);
  const { number, issuedOn, dueOn, total } = world.invoice;
  same('The total of the invoice', total.amount, order.total.amount);
  return `${number} of ${issuedOn}, due ${dueOn}: ${total.amount} GBP`;
}

async function invoicePdf({ api, invoice: { id, number } }) {
  const { url, expiresAt } = await api.get(`/v1/invoices/${id}/pdf`);
  const response = await reach(url);
  check(response.ok, `The link to the PDF answered ${response.status}.`);
  const bytes = Buffer.from(await response.arrayBuffer());
  const start = bytes.subarray(0, 8).toString('latin1');
  check(start.startsWith('%PDF-'), `The file of ${number} begins with "${start}".`);
  check(bytes.length > 2_000, `The PDF has only ${bytes.length} bytes.`);
  const seconds = Math.round((Date.parse(expiresAt) - Date.now()) / 1000);
  return [
    `${bytes.length.toLocaleString('en')} bytes, begins with ${start.trim()}`,
    `signed link, good for ${seconds} s`,
  ];
}

async function journalEntry({ api, invoice }) {
  const { total } = invoice;
  const entry = await entryOf(api, 'invoice', invoice);
  const debits = entry.lines.reduce((sum, { debit }) => sum + (debit ? pence(debit.amount) : 0n), 0n);
  same('The debits of the entry', debits, pence(total.amount));
  const balance = await api.get('/v1/trial-balance');
  same('The difference of the trial balance', balance.difference.amount, '0.00');
  const names = new Map(balance.accounts.map(({ accountId, code, name }) => [accountId, [code, name]]));
  const rows = entry.lines.map(({ accountId, debit, credit }) => [
    ...(names.get(accountId) ?? ['?', accountId]),
    debit?.amount ?? '',
    credit?.amount ?? '',
  ]);
  return columns([['', 'Account', 'Debit', 'Credit'], ...rows], [2, 3]);
}

async function email({ stack, order, customer }) {
  const list = `${stack.mail}/api/messages?to=${encodeURIComponent(customer.email)}`;
  const { id } = await until('the mail is caught', async () => {
    const { items } = await (await reach(list)).json();
    return items.find(({ subject }) => subject.includes(order.number));
  });
  const mail = await (await reach(`${stack.mail}/api/messages/${id}`)).json();
  check(mail.text.includes(order.total.amount), `The mail does not say ${order.total.amount}.`);
  const total = mail.text.split('\n').find((line) => line.startsWith('Total'));
  return [`"${mail.subject}" to ${customer.email}`, total];
}

/** What Quoin does on its own once an order is confirmed. */
export const invoicing = [
  ['It is invoiced', invoice],
  ['As a PDF', invoicePdf],
  ['Booked', journalEntry],
  ['The customer has mail', email],
];
