const WIDTH = 30;
const TERMINAL_EVERY_MS = 100;
const LOG_EVERY_MS = 5_000;

/** Progress on standard error: a bar with rate and time left on a terminal, a line now and then elsewhere. */
export class ProgressBar {
  private readonly startedMs = Date.now();
  private shownMs = 0;
  private last: { readonly done: number; readonly total: number } | undefined;

  constructor(private readonly unit: string) {}

  /** Called as often as you like; shows itself only so often. */
  show(done: number, total: number): void {
    this.last = { done, total };
    const every = process.stderr.isTTY ? TERMINAL_EVERY_MS : LOG_EVERY_MS;
    if (Date.now() - this.shownMs >= every) this.draw(done, total);
  }

  /** Shows the final state. */
  end(): void {
    if (!this.last) return;
    this.draw(this.last.done, this.last.total);
    if (process.stderr.isTTY) process.stderr.write('\n');
  }

  private draw(done: number, total: number): void {
    this.shownMs = Date.now();
    const seconds = Math.max((this.shownMs - this.startedMs) / 1_000, 0.001);
    const rate = done / seconds;
    const share = total === 0 ? 1 : done / total;
    const bar = '█'.repeat(Math.round(share * WIDTH)).padEnd(WIDTH, '░');
    const left = rate > 0 ? clock((total - done) / rate) : '–';
    const text = `${bar} ${Math.floor(share * 100)} %  ${done}/${total} ${this.unit}  ${Math.round(rate)}/s  ${left} left`;
    process.stderr.write(process.stderr.isTTY ? `\r\u001b[K${text}` : `${text}\n`);
  }
}

function clock(seconds: number): string {
  const whole = Math.ceil(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
}
