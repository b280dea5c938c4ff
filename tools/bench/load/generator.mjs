/**
 * The load generator: a process of its own, given one plan by its parent, that it answers with what it measured. Closed loop:
 * each connection sends its next request when it has the whole answer to the one before.
 */
import { latencyFigures } from '../figures.mjs';
import { Connection } from './connection.mjs';
import { REQUESTS } from './requests.mjs';

const FAULTS_SHOWN = 3;
/** Requests that are under way at the end are waited for this long. */
const PATIENCE_MS = 10_000;

class Tally {
  latencies = [];
  unexpected = 0;
  faults = [];

  fault(text) {
    this.unexpected += 1;
    if (this.faults.length < FAULTS_SHOWN) this.faults.push(text.slice(0, 600));
  }
}

async function generate({ port, connections, seconds, count = Infinity, expect, kind, ...parameters }) {
  const next = REQUESTS[kind](parameters);
  const tally = new Tally();
  const startedAt = performance.now();
  const endsAt = startedAt + seconds * 1000;
  let lastAt = startedAt;
  let sent = 0;
  const plan = {
    next: () => (performance.now() < endsAt && sent++ < count ? next() : undefined),
    answered(status, latencyMs, bytes) {
      lastAt = performance.now();
      if (status === expect) tally.latencies.push(latencyMs);
      else tally.fault(bytes.toString('latin1', 0, 2_000).replace(/\r\n(?!\r\n|\{)[^\r]*/g, ''));
    },
    broken: (reason) => tally.fault(`connection: ${reason}`),
  };
  const open = Array.from({ length: connections }, () => new Connection(port, plan));
  const patience = setTimeout(
    () => open.forEach((one) => one.socket.destroy(new Error('no answer'))),
    seconds * 1000 + PATIENCE_MS,
  );
  await Promise.all(open.map((one) => one.closed));
  clearTimeout(patience);
  const answered = tally.latencies.length;
  return {
    requests: answered,
    unexpected: tally.unexpected,
    faults: tally.faults,
    rate: answered / ((lastAt - startedAt) / 1000),
    ...(answered > 0 ? latencyFigures(tally.latencies) : {}),
  };
}

process.once('message', async (plan) => {
  // The channel keeps the process alive until the parent has read the answer and closes it.
  process.channel.ref();
  process.send(await generate(plan));
});
