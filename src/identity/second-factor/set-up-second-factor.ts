import { Injectable } from '@nestjs/common';
import { currentPrincipal, currentTenant } from '#libs/context';
import { UnitOfWork } from '#libs/database';
import { Clock } from '#libs/kernel';
import { EndSessions } from '../sessions/end-sessions.js';
import { Users } from '../users/users.repository.js';
import { FactorSecrets } from './factor-secrets.js';
import { hashRecoveryCode, newRecoveryCodes } from './recovery-codes.js';
import { CodeRefused, SecondFactorActive, SecondFactorNotFound } from './second-factor.errors.js';
import { SecondFactors } from './second-factors.repository.js';
import { newTotpSecret, totpStep, totpUri } from './totp.js';

/** What goes into the authenticator. */
export interface FactorSetUp {
  /** Base32, for typing. */
  readonly secret: string;
  /** For a QR code. */
  readonly uri: string;
}

/** Sets up the caller's second factor in two steps: it works only once a code of it was shown. */
@Injectable()
export class SetUpSecondFactor {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly factors: SecondFactors,
    private readonly secrets: FactorSecrets,
    private readonly users: Users,
    private readonly sessions: EndSessions,
    private readonly clock: Clock,
  ) {}

  /** Begins, or begins anew. The secret is good for an hour unless it is confirmed. @throws SecondFactorActive */
  async begin(): Promise<FactorSetUp> {
    const { id } = currentPrincipal();
    const secret = newTotpSecret();
    return this.unitOfWork.run(async () => {
      if (await this.factors.confirmedOf(id)) throw new SecondFactorActive();
      const { email } = await this.users.get(id);
      await this.factors.putPending(id, this.secrets.seal(secret, id));
      return { secret, uri: totpUri(secret, currentTenant().name, email) };
    });
  }

  /**
   * Confirms with a first code. Ends the user's other sessions, which were opened without a second factor, and gives the
   * recovery codes, which are shown this once.
   * @throws SecondFactorNotFound, SecondFactorActive, CodeRefused
   */
  async confirm(code: string): Promise<string[]> {
    const { id, sessionId } = currentPrincipal();
    return this.unitOfWork.run(async () => {
      if (await this.factors.confirmedOf(id)) throw new SecondFactorActive();
      const pending = await this.factors.lockPendingOf(id);
      if (!pending) throw new SecondFactorNotFound();
      const step = await totpStep(this.secrets.open(pending.secret, id), code, this.clock.now());
      if (step === undefined) throw new CodeRefused();
      await this.factors.confirm(pending.id);
      // Or it would be good a second time, for signing in.
      await this.factors.use(pending.id, step);
      const codes = newRecoveryCodes();
      await this.factors.replaceRecoveryCodes(pending.id, codes.map(hashRecoveryCode));
      await this.sessions.allOf(id, 'user_changed', sessionId);
      return codes;
    });
  }
}
