import { ReportingStage } from '../testing/index.js';

const PAIRS = 40;

let stage: ReportingStage;

beforeAll(async () => {
  stage = await ReportingStage.open();
});

afterAll(() => stage.close());

// Documents of the importer overlap. Nothing locks a service, so only waiting for the sale before lets its credit note see it;
// seen red with credit notes that never wait.
it('credits the sale that came right before, while documents of others overlap', async () => {
  await stage.newTenant();
  const at = '2010-12-01T08:26:00';
  const lines = Array.from({ length: PAIRS }, (_, pair) => {
    const price = `${pair + 1}.50`;
    return [
      `${1_000 + pair},M,Manual,1,${at},${price},17850,France`,
      `C${1_000 + pair},M,Manual,-1,${at},${price},17850,France`,
      `${2_000 + pair},A1,LAMP,1,${at},2.55,12583,France`,
    ];
  });
  expect(await stage.importLines(lines.flat())).toMatchObject({ documents: 3 * PAIRS, rejected: 0 });
  const credited = await stage.database.asSuperuser(
    `select o.external_ref as sold, n.external_ref as credited from credit_note_line c
     join credit_note n on n.tenant_id = c.tenant_id and n.id = c.credit_note_id
     join invoice_line l on l.tenant_id = c.tenant_id and l.id = c.invoice_line_id
     join invoice i on i.tenant_id = l.tenant_id and i.id = l.invoice_id
     join sales_order o on o.tenant_id = i.tenant_id and o.id = i.order_id
     where c.tenant_id = $1 order by 1`,
    [stage.tenant.id],
  );
  expect(credited).toEqual(
    Array.from({ length: PAIRS }, (_, pair) => ({ sold: `${1_000 + pair}`, credited: `C${1_000 + pair}` })),
  );
  expect((await stage.verify()).ok).toBe(true);
});
