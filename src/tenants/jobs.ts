import { Module } from '@nestjs/common';
import { SignUpSweep } from './sign-up/jobs/sign-up-sweep.processor.js';
import { TenantsModule } from './tenants.module.js';

/** What the worker does for tenants: it sweeps up after sign-ups that broke off. */
@Module({ imports: [TenantsModule], providers: [SignUpSweep] })
export class TenantsJobsModule {}
