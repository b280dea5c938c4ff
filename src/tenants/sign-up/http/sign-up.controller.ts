import { Body, Controller, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Answers, OwnUnitsOfWork, Public, Refuses, WithoutTenant } from '#libs/http';
import { RegistrationLimit } from '#libs/throttling';
import { ProvisionTenant } from '../provision-tenant.js';
import { PasswordWidelyUsed, PasswordTooShort, SignUpExpired, SlugNotAllowed, SlugTaken } from '../sign-up.errors.js';
import { presentTenant, type SignUpBody, signUpSchema, tenantSchema } from './sign-up.schemas.js';

/** Where tenants come from. */
@ApiTags('Tenants')
@Controller({ path: 'tenants', version: '1' })
export class SignUpController {
  constructor(private readonly provisionTenant: ProvisionTenant) {}

  /** Signs a company up. If it breaks off, send the same again: it goes on where it stopped. */
  @Post()
  @Public()
  @WithoutTenant()
  @RegistrationLimit()
  @OwnUnitsOfWork(
    'two databases, the landlord’s and the tenant’s, without a common transaction',
    'The slug is the key: there is one tenant of it. The same request goes on where it broke off, and is refused when all is done.',
  )
  @Answers(201, tenantSchema, 'The tenant is ready: sign in as its administrator')
  @Refuses(SlugTaken, SlugNotAllowed, PasswordTooShort, PasswordWidelyUsed, SignUpExpired)
  async signUp(@Body({ schema: signUpSchema }) body: SignUpBody) {
    return presentTenant(await this.provisionTenant.execute(body));
  }
}
