import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { choosePorts } from './ports.mjs';
import { SERVER_PORTS, Stack } from './stack.mjs';
import { claimThrowAway, discard } from './throw-away.mjs';

const throwAway = claimThrowAway('spec');

async function openStack(seed: string): Promise<Stack> {
  const file = join(throwAway.home, 'ports.json');
  rmSync(file, { force: true });
  const { ports } = await choosePorts(file, SERVER_PORTS, { seed });
  const opened = new Stack({ ...throwAway, ports });
  await opened.startPrimary();
  await opened.startReplica();
  return opened;
}

async function untilReplicaSees(stack: Stack, sql: string): Promise<string[]> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const rows = await stack.replica.sql(sql, 'quoin_tenants').catch(() => []);
    if (rows.length > 0) return rows;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return [];
}

let stack: Stack;
afterAll(() => discard(throwAway.home), 30_000);

it('keeps data and replica through SIGKILL of every server and a change of ports', async () => {
  stack = await openStack('first');
  await stack.primary.sql(`create table kept as select 'before the crash' as word`, 'quoin_tenants');
  expect(await untilReplicaSees(stack, 'select word from kept')).toEqual(['before the crash']);

  const before = stack.ports;
  for (const { service } of stack.running) process.kill(service.pid, 'SIGKILL');
  stack = await openStack('second');
  expect(stack.ports.postgres).not.toBe(before.postgres);
  expect(await stack.primary.sql('select word from kept', 'quoin_tenants')).toEqual(['before the crash']);
  await stack.primary.sql(`insert into kept values ('after it')`, 'quoin_tenants');
  expect(await untilReplicaSees(stack, `select word from kept where word = 'after it'`)).toEqual(['after it']);
}, 60_000);

it('gives the application role no way into the schema, nor the rights of the dispatcher unasked', async () => {
  const questions = `select has_database_privilege('quoin_app', 'quoin_tenants', 'temp, create'),
    has_schema_privilege('quoin_app', 'public', 'create'), pg_has_role('quoin_app', 'quoin_dispatcher', 'usage'),
    pg_has_role('quoin_app', 'quoin_dispatcher', 'member'), has_database_privilege('quoin_replicator', 'quoin_landlord', 'connect')`;
  expect(await stack.primary.sql(questions, 'quoin_tenants')).toEqual(['f|f|f|t|f']);
});
