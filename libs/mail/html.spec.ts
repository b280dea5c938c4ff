import { escapeHtml, html } from './html.js';

describe('html', () => {
  it('escapes every value', () => {
    const name = `<b>"Tom" & 'Co'</b>`;
    expect(escapeHtml(name)).toBe('&lt;b&gt;&quot;Tom&quot; &amp; &#39;Co&#39;&lt;/b&gt;');
    expect(String(html`<p title="${name}">${name} ${3} ${4n}</p>`)).toBe(
      `<p title="${escapeHtml(name)}">${escapeHtml(name)} 3 4</p>`,
    );
  });

  it('keeps what it made itself, in lists too', () => {
    const rows = ['a<b', 'c'].map((text) => html`<li>${text}</li>`);
    expect(String(html`${rows}${html`<hr />`}`)).toBe('<li>a&lt;b</li><li>c</li><hr />');
  });
});
