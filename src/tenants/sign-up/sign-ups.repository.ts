import { Injectable } from '@nestjs/common';
import type { TenantIdentity } from '#libs/context';
import { LandlordDatabase, type Transaction, violatedConstraint } from '#libs/database';
import { Landlord, type ProvisioningInput } from '#libs/tenancy';
import { SignUpExpired, SlugTaken } from './sign-up.errors.js';

/** A sign-up that is not finished, with the tenant that it is for. */
export interface OpenSignUp {
  readonly tenant: TenantIdentity;
  readonly input: ProvisioningInput;
}

interface Row extends Omit<TenantIdentity, 'placement' | 'timeZone'> {
  readonly time_zone: string;
  readonly placement: TenantIdentity['placement'];
  readonly input: ProvisioningInput | null;
}

const FIND = `
  select t.id, t.slug, t.name, t.currency, t.time_zone, t.status, s.input, jsonb_build_object(
    'model', p.model, 'cluster', p.cluster, 'database', p.database, 'schema', p.schema) as placement
  from tenant t join placement p on p.tenant_id = t.id left join sign_up s on s.tenant_id = t.id`;

/** Sign-ups at the landlord. Landlord work: each change is audited there. */
@Injectable()
export class SignUps {
  constructor(
    private readonly landlord: Landlord,
    private readonly database: LandlordDatabase,
  ) {}

  /** Writes the tenant down as `provisioning`, with all that is needed to finish it later. @throws SlugTaken */
  async begin(tenant: TenantIdentity, input: ProvisioningInput): Promise<void> {
    try {
      await this.landlord.withoutTenancy('a tenant signs up', (transaction) => insert(transaction, tenant, input));
    } catch (error) {
      if (violatedConstraint(error) === 'tenant_slug_key') throw new SlugTaken(tenant.slug);
      throw error;
    }
  }

  /** `undefined`: the slug is free. Without an open sign-up the tenant is there already. */
  async bySlug(slug: string): Promise<{ tenant: TenantIdentity; open: OpenSignUp | undefined } | undefined> {
    const [row] = await this.database.query<Row>(`${FIND} where t.slug = $1`, [slug]);
    return row && { tenant: tenantOf(row), open: openOf(row) };
  }

  /** Counts one more attempt and gives what it needs; undefined when the tenant is finished. @throws SignUpExpired */
  async attempt(tenantId: string): Promise<OpenSignUp | undefined> {
    return this.landlord.withoutTenancy('a sign-up is continued', async (transaction) => {
      await transaction.execute(
        'update sign_up set attempts = attempts + 1, attempted_at = now() where tenant_id = $1 and finished_at is null',
        [tenantId],
      );
      const [row] = await transaction.query<Row>(`${FIND} where t.id = $1`, [tenantId]);
      if (!row) throw new SignUpExpired();
      return openOf(row);
    });
  }

  /** The tenant is ready: opens it, and forgets the sign-up's input. Again changes nothing. @throws SignUpExpired */
  async finish(tenantId: string): Promise<void> {
    await this.landlord.withoutTenancy('a sign-up is finished', async (transaction) => {
      const activated = await transaction.execute(
        `update tenant set status = 'active', version = version + 1, updated_at = now() where id = $1 and status = 'provisioning'`,
        [tenantId],
      );
      const [known] = await transaction.query('select from tenant where id = $1', [tenantId]);
      if (!known) throw new SignUpExpired();
      if (activated === 0) return;
      await transaction.execute(
        'update sign_up set finished_at = now(), input = null, last_error = null where tenant_id = $1',
        [tenantId],
      );
    });
  }

  /** Notes why an attempt failed, for the operator. */
  async recordFailure(tenantId: string, reason: string): Promise<void> {
    await this.landlord.withoutTenancy('a sign-up failed', (transaction) =>
      transaction.execute('update sign_up set last_error = $2 where tenant_id = $1 and finished_at is null', [
        tenantId,
        reason.slice(0, 500),
      ]),
    );
  }

  /**
   * Unfinished ones that nobody has tried for `restS` seconds, longest waiting first; `expired`: older than `lifeS`. Those that
   * wait for a place of their own are no business of a process that cannot make one, and due at once for one that can.
   */
  async due(restS: number, lifeS: number, canMakePlaces: boolean): Promise<{ tenantId: string; expired: boolean }[]> {
    return this.database.query(
      `select s.tenant_id as "tenantId", s.created_at < now() - make_interval(secs => $2) as expired
       from sign_up s join placement p on p.tenant_id = s.tenant_id
       where s.finished_at is null and case when p.model = 'shared' then s.attempted_at < now() - make_interval(secs => $1)
         else $3 and (s.last_error is null and s.attempts = 1 or s.attempted_at < now() - make_interval(secs => $1)) end
       order by s.attempted_at limit 100`,
      [restS, lifeS, canMakePlaces],
    );
  }

  /** Gives the slug of a sign-up that never finished free again. */
  async discard(tenantId: string): Promise<void> {
    await this.landlord.withoutTenancy('a sign-up that never finished is removed', (transaction) =>
      transaction.execute(`delete from tenant where id = $1 and status = 'provisioning'`, [tenantId]),
    );
  }
}

async function insert(transaction: Transaction, tenant: TenantIdentity, input: ProvisioningInput): Promise<void> {
  const { placement } = tenant;
  await transaction.execute(
    `insert into tenant (id, slug, name, currency, time_zone, plan_id, status) values ($1, $2, $3, $4, $5, 'standard', $6)`,
    [tenant.id, tenant.slug, tenant.name, tenant.currency, tenant.timeZone, tenant.status],
  );
  await transaction.execute(
    'insert into placement (tenant_id, model, cluster, database, schema) values ($1, $2, $3, $4, $5)',
    [tenant.id, placement.model, placement.cluster, placement.database, placement.schema],
  );
  await transaction.execute('insert into sign_up (tenant_id, input) values ($1, $2)', [tenant.id, input]);
}

function tenantOf({ id, slug, name, currency, time_zone: timeZone, status, placement }: Row): TenantIdentity {
  return { id, slug, name, currency, timeZone, status, placement };
}

function openOf(row: Row): OpenSignUp | undefined {
  return row.status === 'provisioning' && row.input ? { tenant: tenantOf(row), input: row.input } : undefined;
}
