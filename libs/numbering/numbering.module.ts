import { Global, Module } from '@nestjs/common';
import { NumberSeries } from './number-series.js';

/** Gives every capability the {@link NumberSeries}. */
@Global()
@Module({ providers: [NumberSeries], exports: [NumberSeries] })
export class NumberingModule {}
