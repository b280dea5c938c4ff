import { Module } from '@nestjs/common';
import { TenantMoveSweep } from './landlord/jobs/tenant-move-sweep.processor.js';
import { SignUpSweep } from './sign-up/jobs/sign-up-sweep.processor.js';
import { TenantsModule } from './tenants.module.js';

/** What the worker does for tenants: it sweeps up after sign-ups that broke off, and moves them. */
@Module({ imports: [TenantsModule], providers: [SignUpSweep, TenantMoveSweep] })
export class TenantsJobsModule {}
