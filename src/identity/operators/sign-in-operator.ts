import { Injectable } from '@nestjs/common';
import { type IssuedToken, OperatorTokens, PasswordHasher } from '#libs/auth';
import { OperatorRefused } from './operator.errors.js';
import { Operators } from './operators.repository.js';

/** Gives an operator a token for e-mail and password. Every attempt is audited. */
@Injectable()
export class SignInOperator {
  constructor(
    private readonly operators: Operators,
    private readonly passwords: PasswordHasher,
    private readonly tokens: OperatorTokens,
  ) {}

  /**
   * Takes the same way, and as long, whether the operator is unknown, disabled or mistyped the password.
   * @throws OperatorRefused
   */
  async execute(email: string, password: string): Promise<IssuedToken> {
    const operator = await this.operators.credentialsOf(email);
    const matches = await this.passwords.verify(operator?.passwordHash, password);
    if (!operator?.isActive || !matches || !(await this.operators.signedIn(operator))) {
      await this.operators.refused(operator);
      throw new OperatorRefused();
    }
    return this.tokens.issue({ operatorId: operator.id, epoch: operator.epoch });
  }
}
