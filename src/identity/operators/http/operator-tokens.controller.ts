import { Body, Controller, Delete, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { PasswordChecksBusy } from '#libs/auth';
import { Answers, LoginLimit, OperatorOnly, OwnUnitsOfWork, Public, Refuses, WithoutTenant } from '#libs/http';
import { ChangeOperator } from '../change-operator.js';
import { OperatorRefused, OperatorTokenVoid } from '../operator.errors.js';
import { SignInOperator } from '../sign-in-operator.js';
import {
  type OperatorSignInBody,
  operatorSignInSchema,
  operatorTokenSchema,
  presentOperatorToken,
} from './operator-tokens.schemas.js';

/** Where landlord operators sign in. They are users of no tenant, and no tenant’s user is one of them. */
@ApiTags('Landlord')
@Controller({ path: 'operator/tokens', version: '1' })
export class OperatorTokensController {
  constructor(
    private readonly signIn: SignInOperator,
    private readonly change: ChangeOperator,
  ) {}

  /** A token for the landlord’s routes. Operators are added with `quoin operators add`. */
  @Post()
  @Public()
  @WithoutTenant()
  @LoginLimit()
  @OwnUnitsOfWork(
    'operators belong to no tenant, and passwords are verified before anything is written',
    'Tokens are kept nowhere, so no answer is repeated: each time, another token.',
  )
  @Answers(200, operatorTokenSchema)
  @Refuses(OperatorRefused, PasswordChecksBusy)
  async issue(@Body({ schema: operatorSignInSchema }) { email, password }: OperatorSignInBody) {
    return presentOperatorToken(await this.signIn.execute(email, password));
  }

  /** Voids all tokens of the calling operator. */
  @Delete()
  @OperatorOnly()
  @OwnUnitsOfWork(
    'operators belong to no tenant',
    'Voids the tokens that there are: again, with the voided token, it is refused.',
  )
  @Answers(204)
  @Refuses(OperatorTokenVoid)
  async revoke(): Promise<void> {
    await this.change.signOut();
  }
}
