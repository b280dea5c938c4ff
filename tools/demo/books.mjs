import { check, same, until } from './api.mjs';
import { pence, pounds } from './money.mjs';
import { columns } from './play.mjs';

/** The journal entry of a document, as soon as it is posted. @throws {Mismatch} when it does not balance */
export async function entryOf(api, kind, { id }) {
  const query = `/v1/journal-entries?sourceId=${id}&kind=${kind}`;
  return balanced(await until(`the ${kind} is posted`, () => api.first(query)));
}

/** Goods that come back are posted by themselves, in a step for each order of the credit note: found by what they are worth. */
async function entryOfReturn(api, { recordedAt, value }) {
  const entry = await until('the return is posted', async () => {
    const { items } = await api.get('/v1/journal-entries?kind=return&limit=50');
    return items.find(
      ({ createdAt, lines }) =>
        createdAt >= recordedAt && lines.some(({ debit }) => debit && pence(debit.amount) === pence(value.amount)),
    );
  });
  return balanced(entry);
}

function balanced(entry) {
  same(`Debit less credit of "${entry.description}"`, sumOf(entry), 0n);
  return entry;
}

const signed = ({ debit, credit }) => (debit ? pence(debit.amount) : -pence(credit.amount));
const sumOf = ({ lines }) => lines.reduce((sum, line) => sum + signed(line), 0n);

/** What all documents of the order did to each account, and that everything together is zero. */
export async function finalBooks(world) {
  const { api, receipt, invoice, payment, shipments, creditNote, movement, refund } = world;
  const documents = [
    ['receipt', receipt],
    ['invoice', invoice],
    ['payment', payment],
    ...shipments.map((shipment) => ['shipment', shipment]),
    ['credit_note', creditNote],
    ['refund', refund],
  ];
  const posted = documents.map(([kind, document]) => entryOf(api, kind, document));
  const entries = await Promise.all([...posted, entryOfReturn(api, movement)]);
  const moved = new Map();
  for (const line of entries.flatMap(({ lines }) => lines)) {
    moved.set(line.accountId, (moved.get(line.accountId) ?? 0n) + signed(line));
  }
  const balance = await api.get('/v1/trial-balance');
  const { debit, credit, difference } = balance;
  same('The difference of the trial balance', difference.amount, '0.00');
  same('All debits', debit.amount, credit.amount);
  requireSettled(world, balance.accounts, moved);
  const accounts = balance.accounts.filter(({ accountId }) => moved.has(accountId));
  const rows = accounts.map(({ accountId, code, name }) => [code, name, pounds(moved.get(accountId))]);
  const zero = [...moved.values()].reduce((sum, amount) => sum + amount, 0n);
  same('What the order moved, all together,', zero, 0n);
  return [
    `${entries.length} entries of this order, each balanced; debit less credit of each account:`,
    ...columns([...rows, ['', 'Together', pounds(zero)]], [2]),
    `All books: debit ${pounds(pence(debit.amount))} = credit ${pounds(pence(credit.amount))}, difference ${difference.amount}`,
  ];
}

/** The customer owes nothing; the bank has what was paid and not given back. */
function requireSettled({ order, creditNote }, accounts, moved) {
  const kept = pence(order.total.amount) - pence(creditNote.total.amount);
  const movedAt = (code) => moved.get(accounts.find((account) => account.code === code)?.accountId) ?? 0n;
  same('What the customer still owes', pounds(movedAt('1100')), '0.00');
  same('What stays in the bank', pounds(movedAt('1000')), pounds(kept));
  check(movedAt('5000') > 0n, 'The goods that left have cost nothing.');
}
