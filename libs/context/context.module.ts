import { Global, Module } from '@nestjs/common';
import { Clock } from '#libs/kernel';
import { ContextClock } from './context-clock.js';

/** Gives every capability the {@link Clock} that honours the running context. */
@Global()
@Module({ providers: [{ provide: Clock, useClass: ContextClock }], exports: [Clock] })
export class ContextModule {}
