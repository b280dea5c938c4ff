import { Injectable } from '@nestjs/common';
import { Clock } from '#libs/kernel';
import { currentContext } from './execution-context.js';

/** The clock of the business: the system's time, or the time that the running context was given (imports, tests). */
@Injectable()
export class ContextClock extends Clock {
  override now(): Date {
    return currentContext()?.now ?? new Date();
  }
}
