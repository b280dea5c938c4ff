import { Injectable } from '@nestjs/common';
import { requirePassword } from '#erp/tenants';
import { PasswordHasher } from '#libs/auth';
import { Operators } from './operators.repository.js';

/** Lets somebody run this installation. For the command line alone: an operator cannot make another one. */
@Injectable()
export class AddOperator {
  constructor(
    private readonly operators: Operators,
    private readonly passwords: PasswordHasher,
  ) {}

  /** @throws OperatorExists, PasswordTooShort */
  async execute(operator: { email: string; name: string; password: string }): Promise<void> {
    const { email, name, password } = operator;
    requirePassword(password);
    await this.operators.add({ email, name, passwordHash: await this.passwords.hash(password) });
  }
}
