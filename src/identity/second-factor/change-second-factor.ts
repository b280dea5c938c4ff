import { Injectable } from '@nestjs/common';
import { currentPrincipal } from '#libs/context';
import { UnitOfWork } from '#libs/database';
import { requireAll } from '../roles/grant-rules.js';
import { Roles } from '../roles/roles.repository.js';
import { EndSessions } from '../sessions/end-sessions.js';
import { Users } from '../users/users.repository.js';
import { hashRecoveryCode, newRecoveryCodes } from './recovery-codes.js';
import { CodeRefused, SecondFactorNotFound } from './second-factor.errors.js';
import { SecondFactors } from './second-factors.repository.js';
import { SpendCode } from './spend-code.js';

/** Changes a second factor that works. Its owner has to show a code: a session that was stolen cannot. */
@Injectable()
export class ChangeSecondFactor {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly factors: SecondFactors,
    private readonly spendCode: SpendCode,
    private readonly users: Users,
    private readonly roles: Roles,
    private readonly sessions: EndSessions,
  ) {}

  /** Gives new recovery codes to the caller; those of before are void. @throws CodeRefused, TooManyAttempts */
  async renewRecoveryCodes(code: string): Promise<string[]> {
    const { id } = currentPrincipal();
    return this.spendCode.execute(id, code, new CodeRefused(), async () => {
      const factor = await this.factors.confirmedOf(id);
      if (!factor) throw new SecondFactorNotFound();
      const codes = newRecoveryCodes();
      await this.factors.replaceRecoveryCodes(factor.id, codes.map(hashRecoveryCode));
      return codes;
    });
  }

  /** Removes the caller's second factor. @throws CodeRefused, TooManyAttempts */
  async remove(code: string): Promise<void> {
    const { id } = currentPrincipal();
    await this.spendCode.execute(id, code, new CodeRefused(), () => this.factors.remove(id));
  }

  /**
   * Removes the second factor of a user who has lost it, and ends their sessions. For those who have all permissions that
   * the user has: with another's factor gone, a password is enough to be them.
   * @throws UserNotFound, PermissionEscalation, SecondFactorNotFound
   */
  async removeOf(userId: string): Promise<void> {
    await this.unitOfWork.run(async () => {
      const { id } = await this.users.getForUpdate(userId);
      const roles = (await this.roles.ofUsers([id])).get(id) ?? [];
      requireAll(
        currentPrincipal(),
        roles.flatMap((role) => role.effectivePermissions),
      );
      if (!(await this.factors.remove(id))) throw new SecondFactorNotFound();
      await this.sessions.allOf(id, 'user_changed');
    });
  }
}
