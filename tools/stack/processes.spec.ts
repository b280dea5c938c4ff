import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ProcessLedger, identityOf, isAlive, launch, stopAll } from './processes.mjs';

let folder: string;
let ledger: ProcessLedger;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'quoin-processes-'));
  ledger = new ProcessLedger(join(folder, 'processes.json'));
});
afterEach(async () => {
  await stopAll(ledger);
  rmSync(folder, { recursive: true });
});

const sleeper = (name: string) =>
  launch({ name, command: 'sleep', args: ['60'], logFile: join(folder, `${name}.log`), ledger });

describe('recorded processes', () => {
  it('are found again and stopped by a later command, last started first', async () => {
    await sleeper('first');
    await sleeper('second');
    const entries = new ProcessLedger(ledger.file).entries();
    expect(await stopAll(new ProcessLedger(ledger.file))).toEqual(['second', 'first']);
    expect(entries.map(({ pid }: { pid: number }) => identityOf(pid))).toEqual([undefined, undefined]);
    expect(ledger.entries()).toEqual([]);
  });

  it('are never confused with a later process of the same number', async () => {
    const { pid } = await sleeper('ours');
    const stranger = { name: 'ours', pid, identity: 'an earlier boot:1', signal: 'SIGTERM' };
    const strangers = new ProcessLedger(join(folder, 'strangers.json'));
    strangers.add(stranger);
    expect(await stopAll(strangers)).toEqual([]);
    expect(isAlive(ledger.entries()[0])).toBe(true);
  });

  it('that cannot be started are a sentence, not a stack', async () => {
    const wrong = launch({ name: 'Redis', command: '/nonexistent', args: [], logFile: join(folder, 'log'), ledger });
    await expect(wrong).rejects.toThrow(/^Redis could not be started: spawn \/nonexistent/);
  });
});
