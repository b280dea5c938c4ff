import { setTimeout as wait } from 'node:timers/promises';
import { medianRound } from './figures.mjs';
import { cpuSeconds } from './process-figures.mjs';
import { SCENARIOS } from './scenarios.mjs';

/** Between two measurements connections close and the servers finish what is under way. */
const PAUSE_MS = 250;

async function oneRound(scenario, bench, seconds) {
  const limit = await scenario.limit(bench, seconds);
  await wait(PAUSE_MS);
  const { pid } = bench.stack[scenario.process];
  const cpuBefore = cpuSeconds(pid);
  const run = await scenario.run(bench, seconds);
  const cpu = cpuBefore === undefined ? undefined : cpuSeconds(pid) - cpuBefore;
  await wait(PAUSE_MS);
  return { ...run, limit: limit.rate, cpuMs: cpu === undefined ? undefined : (cpu * 1000) / run.requests };
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
