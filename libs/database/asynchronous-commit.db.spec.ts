import { UnitOfWorkMismatch } from './database.errors.js';
import { lsnOf } from './replicas/wal-position.js';
import { WidgetStage } from './testing/widget-stage.js';
import { widget } from './testing/widget.js';

let stage: WidgetStage;

beforeAll(async () => {
  stage = await WidgetStage.open();
  // Clusters of tests do not wait for the disk.
  await stage.database.asSuperuser(
    `alter database ${stage.database.options.tenant.database} set synchronous_commit = on`,
  );
});

afterAll(() => stage.close());

const durability = async () =>
  (await stage.unitOfWork.query<{ synchronous_commit: string }>('show synchronous_commit'))[0]?.synchronous_commit;

/** How far the log is: written by backends, and on disk. */
async function log(): Promise<{ written: number; onDisk: number }> {
  const [row] = await stage.database.asSuperuser<{ written: string; on_disk: string }>(
    'select pg_current_wal_insert_lsn()::text as written, pg_current_wal_flush_lsn()::text as on_disk',
  );
  return { written: lsnOf(row?.written) ?? 0, onDisk: lsnOf(row?.on_disk) ?? 0 };
}

/** Stops the process that brings the log to the disk behind the backs of those that do not wait. */
async function withoutWalWriter(work: () => Promise<void>): Promise<void> {
  const [writer] = await stage.database.asSuperuser<{ pid: number }>(
    `select pid from pg_stat_activity where backend_type = 'walwriter'`,
  );
  if (!writer) throw new Error('the server has no writer of its log');
  process.kill(writer.pid, 'SIGSTOP');
  try {
    await work();
  } finally {
    process.kill(writer.pid, 'SIGCONT');
  }
}

it('waits for the disk, unless the work can do without', async () => {
  await stage.as(async () => {
    expect(await stage.unitOfWork.run(durability)).toBe('on');
    expect(await stage.unitOfWork.run(durability, { asynchronousCommit: true })).toBe('off');
    // On the same connection.
    expect(await stage.unitOfWork.run(durability)).toBe('on');
  });
});

// Seen red with `makeDurable` reading instead of writing: a commit that wrote nothing waits for nothing.
it('has all of it on disk once that is asked for', async () => {
  await withoutWalWriter(() =>
    stage.as(async () => {
      const insert = () => stage.widgets.insert(widget('soon on disk'));
      await stage.unitOfWork.run(insert, { asynchronousCommit: true });
      const before = await log();
      await stage.unitOfWork.makeDurable();
      const after = await log();
      expect(after.onDisk).toBeGreaterThanOrEqual(before.written);
    }),
  );
});

it('is not asked for inside of a unit of work, which is not committed yet', async () => {
  const inside = stage.run(() => stage.unitOfWork.makeDurable());
  await expect(inside).rejects.toBeInstanceOf(UnitOfWorkMismatch);
});
