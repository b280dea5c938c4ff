import { Injectable } from '@nestjs/common';
import { type OperatorClaims, OperatorVerifier } from '#libs/auth';
import type { Principal } from '#libs/context';
import { OperatorTokenVoid } from './operator.errors.js';
import { Operators } from './operators.repository.js';

/**
 * Tells which operator calls. Asks the landlord's database with every request, and writes the request down there in the
 * same transaction: operators are few, and nothing of theirs goes unrecorded or outlives a revocation.
 */
@Injectable()
export class VerifyOperator extends OperatorVerifier {
  constructor(private readonly operators: Operators) {
    super();
  }

  /** @throws OperatorTokenVoid */
  override async verify({ operatorId, epoch }: OperatorClaims, action: string): Promise<Principal> {
    const principal = await this.operators.authorize(operatorId, epoch, action);
    if (!principal) throw new OperatorTokenVoid();
    return principal;
  }
}
