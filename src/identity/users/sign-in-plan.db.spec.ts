import { UnitOfWork } from '#libs/database';
import { inTenant } from '#libs/tenancy';
import { IdentityStage, signUp } from '../testing/index.js';

it('finds a user by address with the unique index, row-level security notwithstanding', async () => {
  const stage = await IdentityStage.open();
  const node = await stage.node();
  const tenant = await signUp(node);
  const unitOfWork = node.get(UnitOfWork);
  const planOf = (condition: string): Promise<string> =>
    inTenant(tenant, () =>
      unitOfWork.run(async () => {
        await unitOfWork.execute('set local enable_seqscan = off');
        const plan = await unitOfWork.query(`explain (format json) select id from app_user where ${condition}`);
        return JSON.stringify(plan);
      }),
    );
  const ours = await planOf(`email_key = lower('Ada@acme.example')`);
  await stage.database.asOwner('create index app_user_lower_email_idx on app_user (tenant_id, lower(email))');
  const expression = await planOf(`lower(email) = lower('Ada@acme.example')`);
  await stage.close();
  expect(ours).toMatch(/Index Cond":"[^"]*email_key = /);
  expect(expression).not.toMatch(/Index Cond":"[^"]*lower/);
});
