import { Module } from '@nestjs/common';
import { CompanyController } from './company/http/company.controller.js';
import { SignUpController } from './sign-up/http/sign-up.controller.js';
import { SignUpModule } from './sign-up.module.js';
import { TenantsModule } from './tenants.module.js';

/** Sign-up and company over HTTP. */
@Module({ imports: [TenantsModule, SignUpModule], controllers: [SignUpController, CompanyController] })
export class TenantsHttpModule {}
