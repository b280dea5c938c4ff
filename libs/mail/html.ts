const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text made safe for HTML content and for quoted attribute values. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}

/** HTML whose values are escaped already. Only {@link html} makes it. */
export class SafeHtml {
  constructor(private readonly markup: string) {}

  toString(): string {
    return this.markup;
  }
}

type Value = string | number | bigint | SafeHtml | readonly SafeHtml[];

/** A template of HTML: every value is escaped unless it was made by `html` itself; arrays of such are joined. */
export function html(literals: TemplateStringsArray, ...values: readonly Value[]): SafeHtml {
  const pieces = literals.map((literal, index) => (index === 0 ? '' : markupOf(values[index - 1] ?? '')) + literal);
  return new SafeHtml(pieces.join(''));
}

function markupOf(value: Value): string {
  if (value instanceof SafeHtml) return value.toString();
  if (typeof value === 'object') return value.map(String).join('');
  return escapeHtml(String(value));
}
