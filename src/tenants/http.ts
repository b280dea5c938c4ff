import { Module } from '@nestjs/common';
import { CompanyController } from './company/http/company.controller.js';
import { SignUpController } from './sign-up/http/sign-up.controller.js';
import { TenantsModule } from './tenants.module.js';

/** Sign-up and company over HTTP. */
@Module({ imports: [TenantsModule], controllers: [SignUpController, CompanyController] })
export class TenantsHttpModule {}
