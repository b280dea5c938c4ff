import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type PdfKit from 'pdfkit';

/** Printed for a character that the font lacks. */
export const REPLACEMENT = '\ufffd';

const FILES = { regular: 'DejaVuSansCondensed.ttf', bold: 'DejaVuSansCondensed-Bold.ttf' } as const;

// Control characters (line breaks too), and the marks that reorder what a reader sees.
const UNPRINTABLE = /[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]+/gu;
const SURELY_COVERED = /^[\x20-\x7e\u00a0-\u017f]*$/;

/** The part of pdfkit's embedded font that it does not declare. */
interface EmbeddedFont {
  readonly font: { hasGlyphForCodePoint(codePoint: number): boolean };
}

export type Weight = keyof typeof FILES;

const bytes = new Map<Weight, Buffer>();

function fontBytes(weight: Weight): Buffer {
  const known = bytes.get(weight);
  if (known) return known;
  const read = readFileSync(createRequire(import.meta.url).resolve(`dejavu-fonts-ttf/ttf/${FILES[weight]}`));
  bytes.set(weight, read);
  return read;
}

/**
 * The fonts of one PDF: DejaVu, which has the letters of Latin, Greek, Cyrillic, Hebrew, Arabic, Armenian and Georgian.
 * Chinese, Japanese and Korean are not in it: their characters become {@link REPLACEMENT}.
 */
export class Fonts {
  private readonly covered = new Map<string, boolean>();
  /** Whether any character had to be replaced so far. */
  replaced = false;

  constructor(private readonly pdf: InstanceType<typeof PdfKit>) {
    for (const weight of ['regular', 'bold'] as const) pdf.registerFont(weight, fontBytes(weight));
  }

  /** Chooses weight and size for what is drawn or measured next. */
  use(weight: Weight, sizePt: number): void {
    this.pdf.font(weight).fontSize(sizePt);
  }

  /** One line of text that the font can print, composed (NFC). */
  printable(text: string, weight: Weight): string {
    const line = text.toWellFormed().normalize('NFC').replace(UNPRINTABLE, ' ');
    if (SURELY_COVERED.test(line)) return line;
    return Array.from(line, (character) => (this.covers(character, weight) ? character : this.replacement())).join('');
  }

  private replacement(): string {
    this.replaced = true;
    return REPLACEMENT;
  }

  private covers(character: string, weight: Weight): boolean {
    const key = weight + character;
    const known = this.covered.get(key);
    if (known !== undefined) return known;
    this.pdf.font(weight);
    // pdfkit keeps the chosen font there and offers no other way to ask.
    const { _font: chosen } = this.pdf as unknown as { _font: EmbeddedFont };
    const { font } = chosen;
    const covers = font.hasGlyphForCodePoint(character.codePointAt(0) ?? 0);
    this.covered.set(key, covers);
    return covers;
  }
}
