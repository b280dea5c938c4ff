/**
 * SQL condition on a delivery `d`: an earlier event of the same aggregate is not finished at the same consumer. Dead
 * letters count as unfinished, so that order survives them: replay or discard them to let the aggregate go on.
 */
export const UNFINISHED_PREDECESSOR = `exists (
    select from platform.delivery p
    where p.tenant_id = d.tenant_id and p.consumer = d.consumer and p.aggregate_type = d.aggregate_type
      and p.aggregate_id = d.aggregate_id and p.sequence < d.sequence and p.completed_at is null)`;
