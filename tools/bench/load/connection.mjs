import { connect } from 'node:net';

const HEAD_END = Buffer.from('\r\n\r\n');
const LENGTH = /content-length: *(\d+)/i;

/** What is wrong with an answer that cannot be measured. */
class Unreadable extends Error {}

/** @returns {{ status: number, total: number } | undefined} undefined while the head is not complete */
function frameOf(bytes) {
  const end = bytes.indexOf(HEAD_END);
  if (end === -1) return undefined;
  const head = bytes.latin1Slice(0, end);
  const status = Number(head.slice(9, 12));
  const length = LENGTH.exec(head)?.[1];
  if (length === undefined && status !== 304 && status !== 204) throw new Unreadable(`no Content-Length: ${head}`);
  return { status, total: end + HEAD_END.length + (status === 304 ? 0 : Number(length ?? 0)) };
}

/**
 * One keep-alive connection with one request under way at a time, on a bare socket: an HTTP client of a library would take as
 * much of the machine as what it measures.
 */
export class Connection {
  #received;
  #sentAt = 0;

  /**
   * @param {number} port
   * @param {{ next: () => string | Buffer | undefined, answered: (status: number, latencyMs: number, bytes: Buffer) => void,
   *   broken: (reason: string) => void }} plan `next` gives the bytes of the next request; undefined ends the connection
   */
  constructor(port, plan) {
    this.plan = plan;
    this.socket = connect({ port, host: '127.0.0.1', noDelay: true });
    this.closed = new Promise((resolve) => this.socket.once('close', resolve));
    this.socket.on('connect', () => this.#send());
    this.socket.on('data', (chunk) => this.#receive(chunk));
    this.socket.on('error', (error) => this.#break(error.message));
    this.socket.on('end', () => this.#break('the server closed the connection'));
  }

  #send() {
    const request = this.plan.next();
    if (request === undefined) return this.#finish();
    this.#sentAt = performance.now();
    this.socket.write(request, 'latin1');
  }

  #receive(chunk) {
    const bytes = this.#received ? Buffer.concat([this.#received, chunk]) : chunk;
    try {
      const frame = frameOf(bytes);
      if (!frame || bytes.length < frame.total) {
        this.#received = bytes;
        return;
      }
      if (bytes.length > frame.total) throw new Unreadable('more than was asked for');
      this.#received = undefined;
      this.plan.answered(frame.status, performance.now() - this.#sentAt, bytes);
      this.#send();
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      this.#break(error.message);
    }
  }

  #finish() {
    this.finished = true;
    this.socket.destroy();
  }

  #break(reason) {
    if (this.finished) return;
    this.#finish();
    this.plan.broken(reason);
  }
}
