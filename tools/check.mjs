/**
 * `npm run check`: every static check at once, each with its own verdict; exit code 1 names the ones that failed.
 * The checks share nothing, so they run side by side: the slowest one (types) is the whole time.
 */
import { spawn } from 'node:child_process';

const checks = ['types:check', 'lint', 'imports:check', 'format:check'];

/** Runs one npm script; its output is kept whole, so that two checks never mix their lines. */
function run(script) {
  const started = Date.now();
  return new Promise((resolve) => {
    const child = spawn('npm', ['run', '--silent', script], { stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    child.stdout.on('data', (chunk) => (output += chunk));
    child.stderr.on('data', (chunk) => (output += chunk));
    child.on('error', (error) => resolve({ script, ok: false, output: String(error), seconds: 0 }));
    child.on('close', (code) => {
      resolve({ script, ok: code === 0, output, seconds: (Date.now() - started) / 1000 });
    });
  });
}

const results = await Promise.all(checks.map((script) => run(script)));
for (const { output } of results.filter(({ ok }) => !ok)) process.stderr.write(`${output.trimEnd()}\n\n`);
for (const { script, ok, seconds } of results) {
  console.log(`${ok ? 'ok    ' : 'FAILED'}  ${script.padEnd(14)} ${seconds.toFixed(1)} s`);
}
const failed = results.filter(({ ok }) => !ok).map(({ script }) => script);
if (failed.length > 0) {
  console.error(`\ncheck failed: ${failed.join(', ')} (run one alone with \`npm run <name>\`)`);
  process.exitCode = 1;
}
