import { currentContext } from '#libs/context';
import { type DestinationStream, type Level, type Logger, pino } from 'pino';
import { redacted, scrubbed } from './redact.js';

/** What a line is about: what the system does, who called what, or which job ran. */
export type LogChannel = 'application' | 'access' | 'worker';

/** How a process logs. */
export interface LoggingOptions {
  readonly level: Level | 'silent';
  /** Name of the process: api, worker, cli. */
  readonly service: string;
  /** Where lines go; standard output unless a test listens. */
  readonly destination?: DestinationStream;
}

const CHANNELS: readonly LogChannel[] = ['application', 'access', 'worker'];

/** On every line: which request or job, and for which tenant. */
function contextFields(): Record<string, unknown> {
  const context = currentContext();
  if (!context) return {};
  return {
    correlationId: context.correlationId,
    ...(context.tenant && { tenantId: context.tenant.id, tenant: context.tenant.slug }),
    ...(context.principal && { principalId: context.principal.id }),
  };
}

function scrubbedArguments(this: Logger, args: unknown[], method: (...args: unknown[]) => void): void {
  method.apply(
    this,
    args.map((argument) => (typeof argument === 'string' ? scrubbed(argument) : argument)),
  );
}

/**
 * A busy process writes many lines at once; none waits longer than this. Fatal ones and the end of the process wait for
 * nothing. A process that is killed takes the lines of its last moments with it.
 */
const BUFFER_BYTES = 4_096;
const FLUSH_MS = 100;

let lastMs = 0;
let lastTime = '';

/** A busy process writes many lines in a millisecond, and putting a time into words is dear. */
function isoTime(): string {
  const now = Date.now();
  if (now !== lastMs) {
    lastMs = now;
    lastTime = `,"time":"${new Date(now).toISOString()}"`;
  }
  return lastTime;
}

function rootLogger({ level, service, destination }: LoggingOptions): Logger {
  return pino(
    {
      level,
      base: { service, pid: process.pid },
      timestamp: isoTime,
      mixin: contextFields,
      formatters: {
        level: (label) => ({ level: label }),
        log: (fields) => redacted(fields) as Record<string, unknown>,
      },
      // `redacted` has described the error already; pino's own serializer would do it again.
      serializers: { err: (described: unknown) => described },
      hooks: { logMethod: scrubbedArguments },
    },
    destination ?? pino.destination({ dest: 1, sync: false, minLength: BUFFER_BYTES, periodicFlush: FLUSH_MS }),
  );
}

let channels: ReadonlyMap<LogChannel, Logger> | undefined;

function channelsOf(options: LoggingOptions): ReadonlyMap<LogChannel, Logger> {
  const root = rootLogger(options);
  return new Map(CHANNELS.map((channel) => [channel, root.child({ channel })]));
}

/** Decides once, when a process starts, how it logs: JSON, one object a line, secrets redacted (requirement G3). */
export function configureLogging(options: LoggingOptions): void {
  channels = channelsOf(options);
}

/** Writes what ends the process, as JSON, before Node.js ends it. Call it once, in a process's main file. */
export function logCrashes(): void {
  process.on('uncaughtExceptionMonitor', (error, origin) => logger().fatal({ err: error, origin }, 'crashed'));
}

/**
 * The logger of a channel. Lines carry the correlation id, the tenant and the principal of the running context.
 * Ask for it when a line is written, not when a module is loaded: `logger('worker').info({ job }, 'done')`.
 */
export function logger(channel: LogChannel = 'application'): Logger {
  channels ??= channelsOf({ level: 'info', service: 'quoin' });
  const found = channels.get(channel);
  if (!found) throw new Error(`no such log channel: ${channel}`);
  return found;
}
