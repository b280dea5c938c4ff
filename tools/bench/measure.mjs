import { setTimeout as wait } from 'node:timers/promises';
import { medianRound } from './figures.mjs';
import { cpuSeconds } from './process-figures.mjs';
import { SCENARIOS } from './scenarios.mjs';

/** Between two measurements connections close and the servers finish what is under way. */
const PAUSE_MS = 250;

/** Measures, and with it the processor time that a process spends on one request; unknown where there is no /proc. */
async function withCpu(service, work) {
  const before = service && cpuSeconds(service.pid);
  const figures = await work();
  const after = service && cpuSeconds(service.pid);
  await wait(PAUSE_MS);
  return { figures, cpuMs: before === undefined ? undefined : ((after - before) * 1000) / figures.requests };
}

async function oneRound(scenario, bench, seconds) {
  const bareProcess = bench.stack[scenario.bareProcess];
  const limit = await withCpu(bareProcess, () => scenario.limit(bench, seconds));
  const run = await withCpu(bench.stack[scenario.process], () => scenario.run(bench, seconds));
  return { ...run.figures, limit: limit.figures.rate, cpuMs: run.cpuMs, bareCpuMs: limit.cpuMs };
}

/**
 * Measures a scenario and its bare limit in turn, so that whatever else the machine does meets both.
 * @param {string} name
 * @param {{ rounds: number, seconds: number, warmUpSeconds: number }} options
 * @param {(text: string) => void} progress told after each round
 */
export async function measure(name, bench, { rounds, seconds, warmUpSeconds }, progress) {
  const scenario = SCENARIOS[name];
  await scenario.prepare(bench);
  await scenario.limit(bench, warmUpSeconds);
  await scenario.run(bench, warmUpSeconds);
  const measured = [];
  for (let round = 1; round <= rounds; round++) {
    const figures = await oneRound(scenario, bench, seconds);
    measured.push(figures);
    const ratio = (figures.rate / figures.limit).toFixed(3);
    progress(`${name} ${round}/${rounds}: ${Math.round(figures.rate)}/s of ${Math.round(figures.limit)}/s = ${ratio}`);
  }
  return medianRound(measured);
}
