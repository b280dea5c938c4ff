/** Reads a mail (RFC 5322, MIME RFC 2045–2047) far enough to show it: headers, text, HTML and attachments. */

const decoder = (charset) => {
  try {
    return new TextDecoder(charset);
  } catch (error) {
    if (error instanceof RangeError) return new TextDecoder('latin1');
    throw error;
  }
};

function quotedPrintable(text) {
  const bytes = text
    .replace(/=\r?\n/g, '')
    .replace(/=([0-9A-F]{2})/gi, (_, hex) => String.fromCharCode(parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1');
}

function encodedWords(value) {
  return value
    .replace(/\?=\s+=\?/g, '?==?')
    .replace(/=\?([^?]+)\?([BQ])\?([^?]*)\?=/gi, (_, charset, encoding, text) => {
      const bytes = /b/i.test(encoding) ? Buffer.from(text, 'base64') : quotedPrintable(text.replaceAll('_', ' '));
      return decoder(charset).decode(bytes);
    });
}

function headersOf(block) {
  const headers = {};
  for (const line of block.replace(/\r?\n[ \t]+/g, ' ').split(/\r?\n/)) {
    const colon = line.indexOf(':');
    if (colon < 1) continue;
    const name = line.slice(0, colon).toLowerCase();
    // Header bytes are read as latin1; raw UTF-8 (SMTPUTF8) is put right here.
    const raw = Buffer.from(line.slice(colon + 1).trim(), 'latin1').toString('utf8');
    headers[name] ??= encodedWords(raw);
  }
  return headers;
}

function parameter(header, name) {
  const match = new RegExp(`${name}\\*?=(?:"([^"]*)"|([^;\\s]+))`, 'i').exec(header ?? '');
  return match ? (match[1] ?? match[2]) : undefined;
}

function body(text, headers) {
  const encoding = (headers['content-transfer-encoding'] ?? '').toLowerCase();
  if (encoding === 'base64') return Buffer.from(text, 'base64');
  if (encoding === 'quoted-printable') return quotedPrintable(text);
  return Buffer.from(text, 'latin1');
}

function split(text) {
  const gap = /\r?\n\r?\n/.exec(text);
  if (!gap) return { headers: headersOf(text), rest: '' };
  return { headers: headersOf(text.slice(0, gap.index)), rest: text.slice(gap.index + gap[0].length) };
}

function collect(text, mail) {
  const { headers, rest } = split(text);
  const type = headers['content-type'] ?? 'text/plain';
  const boundary = parameter(type, 'boundary');
  if (/^multipart\//i.test(type) && boundary) {
    const parts = rest.split(new RegExp(`(?:^|\\r?\\n)--${boundary.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}`));
    for (const part of parts.slice(1)) {
      if (part.startsWith('--')) break;
      collect(part.replace(/^\s*?\r?\n/, ''), mail);
    }
    return headers;
  }
  const content = body(rest, headers);
  const filename = parameter(headers['content-disposition'], 'filename') ?? parameter(type, 'name');
  const asText = () => decoder(parameter(type, 'charset') ?? 'utf-8').decode(content);
  if (filename) mail.attachments.push({ filename, contentType: type.split(';')[0].trim(), content });
  else if (/^text\/html/i.test(type)) mail.html ??= asText();
  else mail.text ??= asText();
  return headers;
}

/**
 * @param {Buffer} raw the mail as it came over SMTP
 * @returns {{ headers: Record<string, string>, text?: string, html?: string, attachments: { filename, contentType, content: Buffer }[] }}
 */
export function parseMail(raw) {
  const mail = { attachments: [] };
  const headers = collect(raw.toString('latin1'), mail);
  return { headers, ...mail };
}
