import { Injectable } from '@nestjs/common';
import { requirePassword } from '#erp/tenants';
import { PasswordHasher } from '#libs/auth';
import { currentPrincipal } from '#libs/context';
import { Operators } from './operators.repository.js';

/** What may happen to an operator. Each change voids their tokens at once. */
@Injectable()
export class ChangeOperator {
  constructor(
    private readonly operators: Operators,
    private readonly passwords: PasswordHasher,
  ) {}

  /** @throws OperatorNotFound */
  async disable(email: string): Promise<void> {
    await this.operators.disable(email);
  }

  /** Also lets a disabled operator in again. @throws OperatorNotFound, PasswordTooShort */
  async setPassword(email: string, password: string): Promise<void> {
    requirePassword(password);
    await this.operators.setPassword(email, await this.passwords.hash(password));
  }

  /** Voids all tokens of the calling operator. */
  async signOut(): Promise<void> {
    await this.operators.signOut(currentPrincipal());
  }
}
