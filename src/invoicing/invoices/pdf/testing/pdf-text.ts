/**
 * The text of each page of an uncompressed PDF by pdfkit, one string a line of text drawn. Follows the fonts' ToUnicode
 * maps, as a reader that copies or searches text does.
 */
export function pdfPages(pdf: Buffer): string[][] {
  const objects = objectsOf(pdf.toString('latin1'));
  const maps = new Map<string, Map<string, string>>();
  for (const body of objects.values()) {
    for (const [, name = '', font = ''] of body.matchAll(/\/(F\d+) (\d+) 0 R/g)) {
      const unicode = /\/ToUnicode (\d+) 0 R/.exec(objects.get(font) ?? '')?.[1] ?? '';
      maps.set(name, unicodeMap(objects.get(unicode) ?? ''));
    }
  }
  const pages = [...objects.values()].filter((body) => /\/Type \/Page\b(?!s)/.test(body));
  return pages.map((page) => {
    const contents = /\/Contents (\d+) 0 R/.exec(page)?.[1] ?? '';
    return textsOf(objects.get(contents) ?? '', maps);
  });
}

function objectsOf(raw: string): Map<string, string> {
  return new Map(
    Array.from(raw.matchAll(/^(\d+) 0 obj\n([\s\S]*?)\nendobj$/gm), ([, id = '', body = '']) => [id, body]),
  );
}

/** Glyph number (hex) → text, from pdfkit's `<first> <last> [<text> …]` ranges. */
function unicodeMap(cmap: string): Map<string, string> {
  const map = new Map<string, string>();
  for (const [, first = '', texts = ''] of cmap.matchAll(/<([0-9a-f]{4})> <[0-9a-f]{4}> \[([^\]]*)\]/g)) {
    [...texts.matchAll(/<([0-9a-f ]*)>/g)].forEach(([, hex = ''], index) => {
      const glyph = (Number.parseInt(first, 16) + index).toString(16).padStart(4, '0');
      map.set(glyph, Buffer.from(hex.replaceAll(' ', ''), 'hex').swap16().toString('utf16le'));
    });
  }
  return map;
}

function textsOf(content: string, maps: Map<string, Map<string, string>>): string[] {
  const texts: string[] = [];
  for (const [block] of content.matchAll(/^BT\n[\s\S]*?^ET$/gm)) {
    const map = maps.get(/\/(F\d+) /.exec(block)?.[1] ?? '');
    const glyphs = Array.from(block.matchAll(/<([0-9a-f]+)>/g), ([, hex = '']) => hex).join('');
    texts.push((glyphs.match(/.{4}/g) ?? []).map((glyph) => map?.get(glyph) ?? '?').join(''));
  }
  return texts;
}
