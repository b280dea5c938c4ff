import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '#libs/database';
import { Clock } from '#libs/kernel';
import { AttemptLimits } from '../attempts/attempt-limits.js';
import { FactorSecrets } from './factor-secrets.js';
import { hashRecoveryCode } from './recovery-codes.js';
import { SecondFactors } from './second-factors.repository.js';
import { TOTP_CODE, totpStep } from './totp.js';

/** Takes codes of second factors. Each is good once, whoever comes with it and however often at once. */
@Injectable()
export class SpendCode {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly factors: SecondFactors,
    private readonly secrets: FactorSecrets,
    private readonly attempts: AttemptLimits,
    private readonly clock: Clock,
  ) {}

  /**
   * Uses the code up and does what it is for, together or not at all. Six digits are a code of the authenticator, anything
   * else a recovery code. A wrong one is counted whatever becomes of the request.
   * @param refusal thrown when the code is wrong or was used already
   * @throws TooManyAttempts
   */
  async execute<T>(userId: string, code: string, refusal: Error, work: () => Promise<T>): Promise<T> {
    await this.attempts.take('second-factor', userId);
    return this.unitOfWork.run(async () => {
      const good = TOTP_CODE.test(code)
        ? await this.spendTotp(userId, code)
        : await this.factors.useRecoveryCode(userId, hashRecoveryCode(code));
      if (!good) throw refusal;
      await this.attempts.clear('second-factor', userId);
      return work();
    });
  }

  private async spendTotp(userId: string, code: string): Promise<boolean> {
    const factor = await this.factors.confirmedOf(userId);
    if (!factor) return false;
    const secret = this.secrets.open(factor.secret, userId);
    const step = await totpStep(secret, code, this.clock.now());
    if (step === undefined || !(await this.factors.use(factor.id, step))) return false;
    if (!this.secrets.isCurrent(factor.secret)) await this.factors.reseal(factor.id, this.secrets.seal(secret, userId));
    return true;
  }
}
