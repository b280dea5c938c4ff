import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '#libs/database';

/** A table with secrets that are sealed. */
export type SealedTable = 'second_factor' | 'identity_provider';

/** A secret as it is kept. */
export interface SealedSecret {
  readonly id: string;
  readonly sealed: string;
  /** Whom it is sealed for: a user, or the provider itself. */
  readonly owner: string;
}

const COLUMN: Readonly<Record<SealedTable, string>> = { second_factor: 'secret', identity_provider: 'client_secret' };
const OWNER: Readonly<Record<SealedTable, string>> = { second_factor: 'user_id', identity_provider: 'id' };

/** Secrets of the tenant that are sealed, for whoever seals them anew. */
@Injectable()
export class SealedSecrets {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /** Some that do not begin with `prefix`, in the order of their ids from `afterId` on, held until the unit of work ends. */
  async lockOthers(table: SealedTable, prefix: string, afterId: string, rowsMax: number): Promise<SealedSecret[]> {
    const column = COLUMN[table];
    return this.unitOfWork.query<SealedSecret>(
      `select id, ${column} as sealed, ${OWNER[table]} as owner from ${table}
       where ${column} is not null and not starts_with(${column}, $1) and id > $2 order by id limit $3 for update`,
      [prefix, afterId, rowsMax],
    );
  }

  /** The same secret, sealed anew: no change that anybody has to know of. */
  async reseal(table: SealedTable, id: string, sealed: string): Promise<void> {
    await this.unitOfWork.execute(`update ${table} set ${COLUMN[table]} = $2 where id = $1`, [id, sealed]);
  }
}
