import { createServer } from 'node:http';

const escape = (text) => String(text).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

function page(title, content) {
  return `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${escape(title)}</title><style>
body { font: 15px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #222 }
table { border-collapse: collapse; width: 100% } td, th { text-align: left; padding: .4rem .6rem; border-bottom: 1px solid #ddd }
pre { white-space: pre-wrap; background: #f6f6f4; padding: 1rem } iframe { width: 100%; height: 30rem; border: 1px solid #ddd }
a { color: #14507a }</style><h1>${escape(title)}</h1>${content}</html>`;
}

function listPage(store) {
  const rows = store.list().map(
    (
      mail,
    ) => `<tr><td>${escape(mail.receivedAt.replace('T', ' ').slice(0, 19))}</td><td>${escape(mail.to.join(', '))}</td>
<td><a href="/messages/${mail.id}">${escape(mail.subject || '(no subject)')}</a></td></tr>`,
  );
  const empty = '<p>No mail was caught yet.</p>';
  return page(
    'Caught mail',
    rows.length === 0 ? empty : `<table><tr><th>At (UTC)<th>To<th>Subject</tr>${rows.join('')}</table>`,
  );
}

function mailPage(mail) {
  const facts = ['from', 'to', 'date', 'message-id'].map(
    (name) => `<tr><th>${name}</th><td>${escape(mail.headers[name] ?? '')}</td></tr>`,
  );
  const attachments = mail.attachments.map(
    (part, index) => `<li><a href="/messages/${mail.id}/attachments/${index}">${escape(part.filename)}</a></li>`,
  );
  const html = mail.html ? `<iframe sandbox srcdoc="${escape(mail.html)}"></iframe>` : '';
  const text = mail.text ? `<pre>${escape(mail.text)}</pre>` : '';
  const source = `<p><a href="/messages/${mail.id}/source">Source</a> · <a href="/">All mail</a></p>`;
  return page(mail.subject, `<table>${facts.join('')}</table>${html}${text}<ul>${attachments.join('')}</ul>${source}`);
}

function summary({ raw: _raw, attachments, ...mail }) {
  const named = attachments.map(({ filename, contentType, content }) => ({
    filename,
    contentType,
    bytes: content.length,
  }));
  return { ...mail, attachments: named };
}

/** Method and path → answer `[status, content type, body, extra headers?]`. */
function answer(store, method, url) {
  const { pathname: path, searchParams } = url;
  const json = (value) => [200, 'application/json; charset=utf-8', JSON.stringify(value)];
  const html = (text) => [200, 'text/html; charset=utf-8', text];
  if (path === '/') return html(listPage(store));
  if (path === '/api/messages' && method === 'DELETE') {
    store.clear();
    return [204, 'text/plain', ''];
  }
  if (path === '/api/messages') {
    const limit = Math.min(Number(searchParams.get('limit') ?? 100) || 100, 1000);
    return json({ items: store.list({ to: searchParams.get('to') ?? undefined, limit }) });
  }
  const match = /^\/(api\/)?messages\/(\d{8})(?:\/(source|attachments\/(\d+)))?$/.exec(path);
  const mail = match && store.read(match[2]);
  if (!mail) return [404, 'text/plain', 'Not found\n'];
  if (match[4]) return attachment(mail.attachments[Number(match[4])]);
  if (match[3] === 'source') return [200, 'text/plain; charset=utf-8', mail.raw];
  return match[1] ? json(summary(mail)) : html(mailPage(mail));
}

function attachment(part) {
  if (!part) return [404, 'text/plain', 'Not found\n'];
  const filename = part.filename.replace(/[^\w.-]/g, '_');
  return [200, part.contentType, part.content, { 'content-disposition': `attachment; filename="${filename}"` }];
}

/**
 * Pages for people (`/`, `/messages/{id}`) and JSON for programs (`/api/messages?to=&limit=`, `/api/messages/{id}`,
 * `DELETE /api/messages`).
 */
export function mailPages(store) {
  return createServer((request, response) => {
    const url = new URL(request.url, 'http://127.0.0.1');
    const [status, type, body, headers = {}] = answer(store, request.method, url);
    const policy = {
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'",
    };
    response.writeHead(status, { 'content-type': type, ...policy, ...headers });
    response.end(body);
  });
}
