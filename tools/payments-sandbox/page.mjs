const ROWS_MAX = 200;

/** The operator's page: the newest operations, refreshed every five seconds. Everything shown is escaped. */
export function operationsPage(ledger) {
  const rows = ledger.newest(ROWS_MAX).map(row).join('\n');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="refresh" content="5">
<title>Payments sandbox</title>
<style>
  body { font: 14px/1.4 system-ui, sans-serif; margin: 2rem; color: #1c2733; }
  table { border-collapse: collapse; width: 100%; }
  th, td { text-align: left; padding: .35rem .7rem; border-bottom: 1px solid #d8dee4; white-space: nowrap; }
  td.number { text-align: right; font-variant-numeric: tabular-nums; }
</style>
</head>
<body>
<h1>Payments sandbox</h1>
<p>The newest ${ROWS_MAX} operations. No money moves here.</p>
<table>
<thead><tr><th>#</th><th>When</th><th>Operation</th><th>Object</th><th>Amount (minor)</th><th>Currency</th><th>Status</th><th>Reference</th></tr></thead>
<tbody>
${rows}
</tbody>
</table>
</body>
</html>
`;
}

function row(entry) {
  const { seq, at, operation, delivery } = entry;
  const subject = entry.refund ?? entry.charge ?? {};
  const status = delivery ? `${delivery.status || delivery.error} (attempt ${delivery.attempt})` : subject.status;
  const cells = [at, operation, delivery?.eventId ?? subject.id, subject.amount, subject.currency, status];
  const [when, name, object, amount, currency, state] = cells.map(escaped);
  const reference = escaped(subject.reference ?? entry.reference);
  return `<tr><td class="number">${seq}</td><td>${when}</td><td>${name}</td><td>${object}</td><td class="number">${amount}</td><td>${currency}</td><td>${state}</td><td>${reference}</td></tr>`;
}

function escaped(value) {
  const entities = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
  return String(value ?? '').replace(/[&<>"']/g, (character) => entities[character]);
}
