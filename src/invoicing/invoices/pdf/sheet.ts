import { buffer } from 'node:stream/consumers';
import PdfKit from 'pdfkit';
import { Fonts, type Weight } from './fonts.js';

/** Points (1/72 inch) on A4. */
export const PAGE = { width: 595.28, height: 841.89, left: 48, right: 547.28, top: 46, bottom: 778 } as const;

export const INK = { text: '#1b2430', soft: '#5b6775', accent: '#1f3b57', line: '#c9d1da', band: '#eef2f6' } as const;

/** How a line of text looks. `right` and `left` name the edge that `x` is. */
export interface TextStyle {
  readonly sizePt: number;
  readonly weight?: Weight;
  readonly color?: string;
  readonly align?: 'left' | 'right';
}

/** What the file says about itself. */
export interface SheetInfo {
  /** Plain words of ours: pdfkit writes it into XML without escaping it. */
  readonly title: string;
  /** Creation date and part of the file's id: the same input gives the same bytes. */
  readonly createdAt: Date;
  /** False leaves the content readable in the raw file, for tests. */
  readonly compress: boolean;
}

/** A4 pages that are written from top to bottom; `y` is where the next thing goes. */
export class Sheet {
  /** Points from the top of the current page. */
  y: number = PAGE.top;
  private readonly pdf: InstanceType<typeof PdfKit>;
  private readonly fonts: Fonts;

  constructor({ title, createdAt, compress }: SheetInfo) {
    this.pdf = new PdfKit({
      size: 'A4',
      // No margins of pdfkit's own: it would break pages by itself.
      margin: 0,
      bufferPages: true,
      compress,
      lang: 'en',
      displayTitle: true,
      pdfVersion: '1.7',
      info: { Title: title, Creator: 'Quoin', Producer: 'Quoin', CreationDate: createdAt },
    });
    this.fonts = new Fonts(this.pdf);
  }

  /** Whether some character could not be printed. */
  get lacksCharacters(): boolean {
    return this.fonts.replaced;
  }

  /** Draws one line of text whose top is at `y`. */
  text(text: string, x: number, y: number, style: TextStyle): void {
    const line = this.prepared(text, style);
    const left = style.align === 'right' ? x - this.pdf.widthOfString(line) : x;
    this.pdf.fillColor(style.color ?? INK.text).text(line, left, y, { lineBreak: false });
  }

  /** The width of one line of text in points. */
  widthOf(text: string, style: TextStyle): number {
    return this.pdf.widthOfString(this.prepared(text, style));
  }

  /** Breaks a text at spaces (words that are too long inside) into lines no wider than `widthPt`; at least one line. */
  wrapped(text: string, widthPt: number, style: TextStyle): string[] {
    const lines: string[] = [];
    let line = '';
    for (const word of text
      .split(/\s+/)
      .filter(Boolean)
      .flatMap((long) => this.pieces(long, widthPt, style))) {
      const longer = line === '' ? word : `${line} ${word}`;
      if (line !== '' && this.widthOf(longer, style) > widthPt) {
        lines.push(line);
        line = word;
      } else {
        line = longer;
      }
    }
    return [...lines, line];
  }

  rule(y: number, color: string = INK.line, widthPt = 0.6): void {
    this.pdf.moveTo(PAGE.left, y).lineTo(PAGE.right, y).lineWidth(widthPt).strokeColor(color).stroke();
  }

  band(x: number, y: number, widthPt: number, heightPt: number, color: string): void {
    this.pdf.rect(x, y, widthPt, heightPt).fill(color);
  }

  /** Whether so much fits on the current page. */
  hasRoom(heightPt: number): boolean {
    return this.y + heightPt <= PAGE.bottom;
  }

  addPage(): void {
    this.pdf.addPage();
    this.y = PAGE.top;
  }

  /** Draws on every page, once all pages are there. */
  onEveryPage(draw: (page: number, pages: number) => void): void {
    const { count } = this.pdf.bufferedPageRange();
    for (let index = 0; index < count; index += 1) {
      this.pdf.switchToPage(index);
      draw(index + 1, count);
    }
  }

  /** Ends the document and gives its bytes. */
  async finish(): Promise<Buffer> {
    const bytes = buffer(this.pdf);
    this.pdf.end();
    return bytes;
  }

  private prepared(text: string, { weight = 'regular', sizePt }: TextStyle): string {
    const line = this.fonts.printable(text, weight);
    this.fonts.use(weight, sizePt);
    return line;
  }

  private pieces(word: string, widthPt: number, style: TextStyle): string[] {
    if (this.widthOf(word, style) <= widthPt) return [word];
    const pieces: string[] = [];
    let piece = '';
    for (const character of word) {
      if (piece !== '' && this.widthOf(piece + character, style) > widthPt) {
        pieces.push(piece);
        piece = '';
      }
      piece += character;
    }
    return [...pieces, piece];
  }
}
