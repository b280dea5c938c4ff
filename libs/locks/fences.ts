import { Injectable } from '@nestjs/common';
import { currentTenant } from '#libs/context';
import { type Fence, UnitOfWork } from '#libs/database';

/** In the order of their names, as everybody who takes several does. */
const TAKE = `
  insert into fence (tenant_id, resource) select $1, resource from unnest($2::text[]) resource order by resource
  on conflict (tenant_id, resource) do update set token = fence.token + 1
  returning resource, token::text`;

/** Counts the holders of locks in PostgreSQL. */
@Injectable()
export class Fences {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /**
   * The next number of each resource, committed: from now on nobody with an earlier one can write under it. Waits for
   * transactions of earlier holders that are just writing.
   */
  async take(resources: readonly string[]): Promise<Fence> {
    const tokens = await this.unitOfWork.run(() =>
      this.unitOfWork.query<Fence['tokens'][number]>(TAKE, [currentTenant().id, resources]),
    );
    return { tokens };
  }
}
