import { Module } from '@nestjs/common';
import { GuardedFetch } from './guarded-fetch.js';

/** Gives {@link GuardedFetch}. Needs ConfigModule. */
@Module({ providers: [GuardedFetch], exports: [GuardedFetch] })
export class EgressModule {}
