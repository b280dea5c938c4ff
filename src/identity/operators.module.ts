import { Module } from '@nestjs/common';
import { AuthModule } from '#libs/auth';
import { AddOperator } from './operators/add-operator.js';
import { ChangeOperator } from './operators/change-operator.js';
import { Operators } from './operators/operators.repository.js';
import { SignInOperator } from './operators/sign-in-operator.js';
import { VerifyOperator } from './operators/verify-operator.js';

/** Landlord operators: for the API's guards and the command line. Needs DatabaseModule, TenancyModule, ConfigModule. */
@Module({
  imports: [AuthModule],
  providers: [Operators, AddOperator, ChangeOperator, SignInOperator, VerifyOperator],
  exports: [Operators, AddOperator, ChangeOperator, SignInOperator, VerifyOperator],
})
export class OperatorsModule {}
