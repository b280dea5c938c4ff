import type { LoggerService } from '@nestjs/common';
import type { Level } from 'pino';
import { logger } from './logger.js';

/** Nest's own lines, and those of `new Logger('name')`, as JSON like all others. Nest passes the name last. */
export class NestLogger implements LoggerService {
  log(message: unknown, ...rest: unknown[]): void {
    this.write('info', message, rest);
  }

  error(message: unknown, ...rest: unknown[]): void {
    this.write('error', message, rest);
  }

  warn(message: unknown, ...rest: unknown[]): void {
    this.write('warn', message, rest);
  }

  debug(message: unknown, ...rest: unknown[]): void {
    this.write('debug', message, rest);
  }

  verbose(message: unknown, ...rest: unknown[]): void {
    this.write('trace', message, rest);
  }

  fatal(message: unknown, ...rest: unknown[]): void {
    this.write('fatal', message, rest);
  }

  private write(level: Level, message: unknown, rest: readonly unknown[]): void {
    const source = typeof rest.at(-1) === 'string' && rest.length > 0 ? rest.at(-1) : undefined;
    const others = (source === undefined ? rest : rest.slice(0, -1)).filter((each) => each !== undefined);
    const error = [message, ...others].find((each): each is Error => each instanceof Error);
    // Nest passes a stack as text beside a message as text.
    const stack = others.find((each) => typeof each === 'string');
    const fields = {
      ...(source !== undefined && { source }),
      ...(error !== undefined && { err: error }),
      ...(error === undefined && stack !== undefined && { stack }),
      ...(typeof message === 'object' && message !== null && !(message instanceof Error) && { data: message }),
    };
    logger()[level](fields, typeof message === 'string' ? message : (error?.message ?? ''));
  }
}
