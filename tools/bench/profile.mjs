import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { DEFAULT_NAMES } from '../stack/bootstrap-sql.mjs';
import { LOCAL } from '../stack/home.mjs';
import { UserFault, say } from '../stack/progress.mjs';
import { SCENARIOS } from './scenarios.mjs';
import { aligned } from './table.mjs';

const FOLDER = join(LOCAL, 'bench/profiles');
const FUNCTIONS_SHOWN = 40;
const WAIT_MS = 30_000;
const START_MS = 1_000;

const STATEMENTS = `
  select calls, round(total_exec_time::numeric, 1) as ms, round(mean_exec_time::numeric, 3) as mean_ms, rows, query
  from pg_stat_statements s join pg_roles r on r.oid = s.userid where rolname = $1 order by total_exec_time desc limit 60`;

/** Functions by the time spent in themselves, from a profile of V8. */
export function selfTimes({ nodes, samples, timeDeltas }) {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const totals = new Map();
  samples.forEach((id, index) => {
    const { functionName, url, lineNumber } = byId.get(id).callFrame;
    const where = `${functionName || '(anonymous)'} ${url.replace(/^.*\/(node_modules|dist)\//, '')}:${lineNumber + 1}`;
    totals.set(where, (totals.get(where) ?? 0) + timeDeltas[index] / 1000);
  });
  return [...totals].map(([where, ms]) => ({ where, ms })).sort((a, b) => b.ms - a.ms);
}

function functionTable(profile) {
  const all = selfTimes(profile);
  const total = all.reduce((sum, { ms }) => sum + ms, 0);
  const rows = all
    .slice(0, FUNCTIONS_SHOWN)
    .map(({ where, ms }) => [where, ms.toFixed(0), `${((100 * ms) / total).toFixed(1)} %`]);
  return aligned([['function', 'self ms', 'share'], ...rows]);
}

function statementTable(rows, requests) {
  const shown = rows.map(({ query, calls, ms, mean_ms: mean }) => [
    query.replace(/\s+/g, ' ').slice(0, 110),
    (calls / requests).toFixed(2),
    mean,
    (Number(ms) / requests).toFixed(3),
  ]);
  return aligned([['statement', 'per request', 'mean ms', 'ms per request'], ...shown]);
}

/** Measures a scenario once more under the profiler and writes what took the time beside the profile. */
export async function profiled(name, bench, seconds) {
  const { stack } = bench;
  const scenario = SCENARIOS[name];
  const { pid } = stack[scenario.process];
  const written = join(stack.place.home, `${scenario.process}.cpuprofile`);
  rmSync(written, { force: true });
  const client = await stack.superuser(DEFAULT_NAMES.tenantDatabase);
  try {
    process.kill(pid, 'SIGUSR2');
    // Beginning takes a moment of its own, which is nobody's share.
    await wait(START_MS);
    await client.query('select pg_stat_statements_reset()');
    const { requests } = await scenario.run(bench, seconds);
    process.kill(pid, 'SIGUSR2');
    const { rows } = await client.query(STATEMENTS, [DEFAULT_NAMES.app]);
    await untilWritten(written);
    mkdirSync(FOLDER, { recursive: true });
    const kept = join(FOLDER, `${name}.cpuprofile`);
    renameSync(written, kept);
    const text = `${functionTable(JSON.parse(readFileSync(kept, 'utf8')))}\n\n${statementTable(rows, requests)}\n`;
    writeFileSync(join(FOLDER, `${name}.txt`), text);
    say(`  profile of ${name}: ${kept} (and .txt)`);
  } finally {
    await client.end();
  }
}

async function untilWritten(file) {
  const giveUpAt = Date.now() + WAIT_MS;
  while (!existsSync(file)) {
    if (Date.now() > giveUpAt) throw new UserFault('The api wrote no profile.');
    await wait(100);
  }
}
