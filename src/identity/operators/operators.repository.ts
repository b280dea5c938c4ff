import { Injectable } from '@nestjs/common';
import { type Principal, runInContext } from '#libs/context';
import { LandlordDatabase, violatedConstraint } from '#libs/database';
import { uuidv7 } from '#libs/kernel';
import { Landlord } from '#libs/tenancy';
import { OperatorExists, OperatorNotFound } from './operator.errors.js';

/** An operator as others may see them. */
export interface OperatorView {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly status: 'active' | 'disabled';
  readonly lastSignedInAt: Date | null;
  readonly createdAt: Date;
}

/** What signing in needs of an operator. */
export interface OperatorCredentials {
  readonly id: string;
  readonly epoch: number;
  readonly passwordHash: string;
  readonly isActive: boolean;
}

/** An operator to add; the password is hashed already. */
export interface NewOperator {
  readonly email: string;
  readonly name: string;
  readonly passwordHash: string;
}

const VOID_TOKENS = 'epoch = epoch + 1, updated_at = now()';

/** The operators at the landlord. Whatever is done to them, and by them, is audited there in the same transaction. */
@Injectable()
export class Operators {
  constructor(
    private readonly landlord: Landlord,
    private readonly database: LandlordDatabase,
  ) {}

  /** @throws OperatorExists */
  async add({ email, name, passwordHash }: NewOperator): Promise<void> {
    try {
      await this.landlord.withoutTenancy(`operator ${email} is added`, (transaction) =>
        transaction.execute('insert into operator (id, email, name, password_hash) values ($1, $2, $3, $4)', [
          uuidv7(),
          email,
          name,
          passwordHash,
        ]),
      );
    } catch (error) {
      if (violatedConstraint(error) === 'operator_email_key') throw new OperatorExists(email);
      throw error;
    }
  }

  /** All of them, oldest first. */
  async list(): Promise<OperatorView[]> {
    return this.database.query(
      `select id, email, name, status, last_signed_in_at as "lastSignedInAt", created_at as "createdAt"
       from operator order by created_at, id limit 1000`,
    );
  }

  /** Lets an operator in no more; their tokens are void at once. Again changes nothing. @throws OperatorNotFound */
  async disable(email: string): Promise<void> {
    await this.change(email, `operator ${email} is disabled`, `status = 'disabled', ${VOID_TOKENS}`);
  }

  /** Gives an operator another password, and lets a disabled one in again. Old tokens are void. @throws OperatorNotFound */
  async setPassword(email: string, passwordHash: string): Promise<void> {
    const change = `password_hash = $2, status = 'active', ${VOID_TOKENS}`;
    await this.change(email, `operator ${email} gets a new password`, change, passwordHash);
  }

  /** The operator with this address, whatever the case of its letters. */
  async credentialsOf(email: string): Promise<OperatorCredentials | undefined> {
    const [found] = await this.database.query<OperatorCredentials>(
      `select id, epoch, password_hash as "passwordHash", status = 'active' as "isActive"
       from operator where email_key = lower($1)`,
      [email],
    );
    return found;
  }

  /** Writes a sign-in down; false when the operator was disabled or changed since the password was verified. */
  async signedIn({ id, epoch }: OperatorCredentials): Promise<boolean> {
    return this.actingAs(operatorPrincipal(id), 'an operator signs in', 'last_signed_in_at = now()', epoch);
  }

  /** Writes down that somebody could not sign in; as whom, if the address is an operator's. */
  async refused(operator: OperatorCredentials | undefined): Promise<void> {
    const principal = operator && operatorPrincipal(operator.id);
    await runInContext({ principal }, () =>
      this.landlord.withoutTenancy('an operator’s sign-in is refused', () => Promise.resolve()),
    );
  }

  /** Voids all tokens of an operator. */
  async signOut(principal: Principal): Promise<void> {
    await this.actingAs(principal, 'an operator signs out', VOID_TOKENS);
  }

  /** The operator whose token it is, if it holds; the attempt is written down either way, before anything is done. */
  async authorize(id: string, epoch: number, action: string): Promise<Principal | undefined> {
    return runInContext({ principal: operatorPrincipal(id) }, () =>
      this.landlord.withoutTenancy(`an operator calls ${action}`, async (transaction) => {
        const [found] = await transaction.query<{ email: string }>(
          `select email from operator where id = $1 and epoch = $2 and status = 'active'`,
          [id, epoch],
        );
        return found && operatorPrincipal(id, found.email);
      }),
    );
  }

  private async actingAs(principal: Principal, reason: string, change: string, epoch?: number): Promise<boolean> {
    return runInContext({ principal }, () =>
      this.landlord.withoutTenancy(reason, async (transaction) => {
        const changed = await transaction.execute(
          `update operator set ${change} where id = $1 and status = 'active' and epoch = coalesce($2, epoch)`,
          [principal.id, epoch ?? null],
        );
        return changed === 1;
      }),
    );
  }

  private async change(email: string, reason: string, change: string, ...values: string[]): Promise<void> {
    await this.landlord.withoutTenancy(reason, async (transaction) => {
      const sql = `update operator set ${change} where email_key = lower($1)`;
      if ((await transaction.execute(sql, [email, ...values])) === 0) throw new OperatorNotFound(email);
    });
  }
}

function operatorPrincipal(id: string, email?: string): Principal {
  return { kind: 'operator', id, permissions: new Set(), ...(email !== undefined && { email }) };
}
