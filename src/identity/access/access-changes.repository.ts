import { Injectable } from '@nestjs/common';
import { currentTenant } from '#libs/context';
import { UnitOfWork } from '#libs/database';
import { uuidv7 } from '#libs/kernel';
import { type AccessChange, CHANGES_MAX, KnownChanges } from './known-changes.js';
import { TIMELINE } from './snapshot.js';

/** How far nodes look back. Longer than anything is remembered plus the longest transaction, by far. */
const LOOK_BACK = '10 minutes';
const KEPT = '1 hour';

const RECENT = `
  select ${TIMELINE} as timeline, (
    select coalesce(jsonb_agg(jsonb_build_object('userId', user_id, 'xid', xid::text)), '[]') from (
      select user_id, xid from access_change where created_at > now() - interval '${LOOK_BACK}'
      order by created_at desc limit ${CHANGES_MAX}) newest) as changes`;

/** The record of changes to what people may do. It says when to look again, not what is right: that the rows say. */
@Injectable()
export class AccessChangeRows {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /** Records a change that the open unit of work makes; `null`: of everybody. */
  async add(userId: string | null): Promise<void> {
    await this.unitOfWork.execute('insert into access_change (tenant_id, id, user_id) values ($1, $2, $3)', [
      currentTenant().id,
      uuidv7(),
      userId,
    ]);
  }

  /** The newest of those that count. */
  async recent(): Promise<KnownChanges> {
    const [row] = await this.unitOfWork.query<{ timeline: string; changes: AccessChange[] }>(RECENT);
    return new KnownChanges(row?.timeline ?? '', row?.changes ?? []);
  }

  /** Forgets those that nobody asks about any more. */
  async purge(): Promise<void> {
    await this.unitOfWork.execute(`delete from access_change where created_at < now() - interval '${KEPT}'`);
  }
}
