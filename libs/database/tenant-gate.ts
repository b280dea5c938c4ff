import { DomainError } from '#libs/kernel';
import { sqlState } from './database.errors.js';

/** The tenant's data are being moved to another place. Reads go on; writes wait until they are there. */
export class TenantBeingMoved extends DomainError {
  static readonly code = 'tenant.being_moved';
  static readonly kind = 'unavailable';
  constructor() {
    super('The data of this tenant are being moved to another database. Reading works; repeat the change in a while.', {
      retryAfterS: 5,
    });
  }
}

/** The tenant's data were moved away from where this request looked for them. */
export class TenantMovedAway extends DomainError {
  static readonly code = 'tenant.moved_away';
  static readonly kind = 'unavailable';
  constructor() {
    super('The data of this tenant have just been moved to another database. Repeat the request.', { retryAfterS: 2 });
  }
}

/** Raised by `platform.enter_tenant` (migration TenantGate), which is the last word on who may write where. */
const REFUSALS: Readonly<Record<string, new () => DomainError>> = { QP001: TenantBeingMoved, QP002: TenantMovedAway };

const SCHEMA = /^[a-z_][a-z0-9_]{0,62}$/;

/** A schema's name as SQL. Names of schemas are made by us; any other is a fault. */
export function schemaName(schema: string): string {
  if (!SCHEMA.test(schema)) throw new Error(`not a name of a schema: ${schema}`);
  return schema;
}

/** To be sent at the beginning of each transaction that may write for the tenant of `app.tenant_id`. */
export function enterTenant(schema: string): string {
  return `SELECT platform.enter_tenant('${schemaName(schema)}')`;
}

/** What a closed gate means for the caller; undefined for every other failure. */
export function gateRefusal(error: unknown): DomainError | undefined {
  const Refusal = REFUSALS[sqlState(error) ?? ''];
  return Refusal && new Refusal();
}
