import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { eventually, SandboxFixture } from './sandbox.fixture.js';

let sandbox: SandboxFixture;
beforeEach(async () => {
  sandbox = new SandboxFixture();
  await sandbox.start();
});
afterEach(() => sandbox.dispose());

describe('the journal', () => {
  it('keeps charges, answers and owed webhooks through SIGKILL', async () => {
    sandbox.receiverStatus = 500;
    const charge = await sandbox.charge('kept');
    const pending = await sandbox.charge('kept-pending', { paymentMethod: 'pm_pending' });
    await sandbox.stop('SIGKILL');
    sandbox.receiverStatus = 200;
    sandbox.webhooks.length = 0;
    await sandbox.start();
    expect((await sandbox.charge('kept')).body).toEqual(charge.body);
    await eventually(() => sandbox.webhooks.length >= 2);
    const told = sandbox.webhooks.map(({ event }) => event.data.object['id']);
    expect(new Set(told)).toEqual(new Set([charge.body.id, pending.body.id]));
  });

  it('drops a line that the crash cut short, and goes on after it', async () => {
    await sandbox.charge('whole');
    await sandbox.stop();
    await appendFile(sandbox.dataFile, '{"seq":99,"operation":"charge.cre');
    await sandbox.start();
    await sandbox.charge('next');
    const { items } = (await sandbox.get('/v1/log')).body;
    const created = items?.filter((item) => item['operation'] === 'charge.created');
    expect(created).toHaveLength(2);
    expect(items?.map((item) => item['seq'])).toEqual(items?.map((_, index) => index + 1));
    expect(await readFile(sandbox.dataFile, 'utf8')).not.toContain('"seq":99');
  });

  it('is refused when a whole line is damaged', async () => {
    await sandbox.stop();
    await writeFile(sandbox.dataFile, 'garbage\n');
    const { code, stderr } = await run({
      SANDBOX_API_KEY: 'k',
      SANDBOX_WEBHOOK_SECRET: 's',
      SANDBOX_DATA_FILE: sandbox.dataFile,
    });
    expect(code).toBe(1);
    expect(stderr).toContain('line 1 is damaged');
  });
});

describe('the process', () => {
  it('stops on SIGTERM even while a request hangs by script', async () => {
    const hanging = sandbox.charge('hanging', { paymentMethod: 'pm_timeout' }).catch(() => 'cut');
    await eventually(async () => (await sandbox.operations()).includes('charge.created'));
    expect(await sandbox.stop()).toBe(0);
    expect(await hanging).toBe('cut');
  });

  it('names every fault of its settings at once', async () => {
    const { code, stderr } = await run({ SANDBOX_PORT: 'http', SANDBOX_WEBHOOK_URL: 'ftp://x' });
    expect(code).toBe(1);
    for (const name of [
      'SANDBOX_API_KEY',
      'SANDBOX_WEBHOOK_SECRET',
      'SANDBOX_DATA_FILE',
      'SANDBOX_PORT',
      'SANDBOX_WEBHOOK_URL',
    ]) {
      expect(stderr).toContain(name);
    }
  });
});

async function run(env: Record<string, string>): Promise<{ code: number; stderr: string }> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'server.mjs')], {
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const [code] = (await once(child, 'exit')) as [number];
  return { code, stderr };
}
