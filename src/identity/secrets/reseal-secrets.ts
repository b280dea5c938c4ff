import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '#libs/database';
import { SecretBox, SecretUnreadable } from '#libs/secrets';
import { placeOfProvider, placeOfUser } from './places.js';
import { type SealedSecret, SealedSecrets, type SealedTable } from './sealed-secrets.repository.js';

/** What was done. */
export interface ResealReport {
  readonly resealed: number;
  /** Sealed under a key that is not in ENCRYPTION_KEYS any more, or altered. */
  readonly unreadable: number;
}

const PLACES: Readonly<Record<SealedTable, (owner: string) => string>> = {
  second_factor: placeOfUser,
  identity_provider: placeOfProvider,
};

const BATCH = 200;
const FIRST_ID = '00000000-0000-0000-0000-000000000000';

/** Seals all secrets of the tenant under the first of ENCRYPTION_KEYS: then the others can be taken away. */
@Injectable()
export class ResealSecrets {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly secrets: SealedSecrets,
    private readonly box: SecretBox,
  ) {}

  /** In short units of work: people go on signing in. Again finds nothing more to do. */
  async execute(): Promise<ResealReport> {
    const report = { resealed: 0, unreadable: 0 };
    for (const table of Object.keys(PLACES) as SealedTable[]) {
      for (let afterId: string | undefined = FIRST_ID; afterId !== undefined;) {
        const from: string = afterId;
        const batch = await this.unitOfWork.run(() => this.resealBatch(table, from));
        report.resealed += batch.resealed;
        report.unreadable += batch.unreadable;
        afterId = batch.lastId;
      }
    }
    return report;
  }

  private async resealBatch(table: SealedTable, afterId: string): Promise<ResealReport & { lastId?: string }> {
    const rows = await this.secrets.lockOthers(table, this.box.currentPrefix, afterId, BATCH);
    let unreadable = 0;
    for (const row of rows) if (!(await this.resealOne(table, row))) unreadable += 1;
    const lastId = rows.length === BATCH ? rows.at(-1)?.id : undefined;
    return { resealed: rows.length - unreadable, unreadable, ...(lastId !== undefined && { lastId }) };
  }

  private async resealOne(table: SealedTable, { id, sealed, owner }: SealedSecret): Promise<boolean> {
    const place = PLACES[table](owner);
    try {
      await this.secrets.reseal(table, id, this.box.seal(this.box.open(sealed, place), place));
      return true;
    } catch (error) {
      if (error instanceof SecretUnreadable) return false;
      throw error;
    }
  }
}
