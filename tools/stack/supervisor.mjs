import { isAlive, stopAll, tail } from './processes.mjs';
import { say } from './progress.mjs';

const RESTARTS_MAX = 20;
const RESTARTS_WINDOW_MS = 60_000;

/**
 * Watches services: one that dies is reported and started again; one that dies again and again ends the whole.
 */
export class Supervisor {
  #stopping = false;
  #deaths = new Map();

  /** @param {{ ledger: import('./processes.mjs').ProcessLedger, onGivingUp: () => void }} options */
  constructor({ ledger, onGivingUp }) {
    this.ledger = ledger;
    this.onGivingUp = onGivingUp;
  }

  /** @param service what `launch` returned @param {() => Promise<object>} again starts it again and returns the new one */
  watch(service, again) {
    service.exited.then((end) => (this.#stopping ? undefined : this.#died(service, again, end)));
  }

  async #died(service, again, { code, signal }) {
    const recent = (this.#deaths.get(service.name) ?? []).filter((at) => at > Date.now() - RESTARTS_WINDOW_MS);
    this.#deaths.set(service.name, [...recent, Date.now()]);
    say(`${service.name} (process ${service.pid}) ended with ${signal ?? `exit code ${code}`}.`);
    if (recent.length >= RESTARTS_MAX) return this.#giveUp(service);
    try {
      const fresh = await again();
      say(`${service.name} was started again (process ${fresh.pid}).`);
      this.watch(fresh, again);
    } catch (error) {
      if (this.#stopping) return;
      say(`${service.name} could not be started again: ${error.message}`);
      this.#giveUp(service);
    }
  }

  #giveUp(service) {
    if (this.#stopping) return;
    say(`Everything is stopped because of ${service.name}. The end of ${service.logFile}:\n${tail(service.logFile)}`);
    this.onGivingUp();
  }

  /** Ends the watch and stops everything that was started, last first. */
  async stop() {
    this.#stopping = true;
    // A start that was under way may have added one more meanwhile.
    while (this.ledger.entries().some(isAlive)) await stopAll(this.ledger);
    await stopAll(this.ledger);
  }
}
