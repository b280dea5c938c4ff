import { Injectable } from '@nestjs/common';
import { currentContext } from '#libs/context';
import { LandlordDatabase, type Transaction } from '#libs/database';
import { uuidv7 } from '#libs/kernel';

/** The way to the landlord's tables for anything but finding a tenant. */
@Injectable()
export class Landlord {
  constructor(private readonly database: LandlordDatabase) {}

  /**
   * Runs landlord work, which is bound to no tenant, in one transaction of the landlord database and writes down who
   * did it and why in that same transaction (requirement A7). `reason` is a short sentence for the auditor.
   */
  async withoutTenancy<T>(reason: string, work: (transaction: Transaction) => Promise<T>): Promise<T> {
    if (reason.trim() === '') throw new Error('landlord work needs a reason');
    return this.database.run(async (transaction) => {
      const context = currentContext();
      const actor = context?.principal;
      await transaction.execute(
        'insert into landlord_audit (id, reason, actor_kind, actor_id, correlation_id) values ($1, $2, $3, $4, $5)',
        [uuidv7(), reason, actor?.kind ?? 'anonymous', actor?.id ?? 'anonymous', context?.correlationId ?? 'none'],
      );
      return work(transaction);
    });
  }
}
