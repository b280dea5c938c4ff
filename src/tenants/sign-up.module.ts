import { Module } from '@nestjs/common';
import { AuthModule } from '#libs/auth';
import { ProvisionTenant } from './sign-up/provision-tenant.js';
import { TenantsModule } from './tenants.module.js';

/** Where tenants are made: api and command line. Needs ConfigModule too, for the passwords of libs/auth. */
@Module({ imports: [TenantsModule, AuthModule], providers: [ProvisionTenant], exports: [ProvisionTenant] })
export class SignUpModule {}
