import type { Server } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { logger } from '#libs/telemetry';
import { Draining } from './draining.js';

/** Where and how long to serve. */
export interface ServeOptions {
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  /** How long readiness says no before the listener closes, for balancers to notice. Not when `modules` end first. */
  readonly readinessDelayMs: number;
  /** After this, what is still in flight is given up. */
  readonly graceMs: number;
  /**
   * What ends first: `listener` (an API: requests in flight finish while everything they use is still there) or
   * `modules` (a worker: its probes answer until the last job is done). Default `listener`.
   */
  readonly endsFirst?: 'listener' | 'modules';
}

/** An application that is listening. */
export interface Serving {
  /** `http://127.0.0.1:3000`, with the real port. */
  readonly url: string;
  /** Drains and closes. Safe to call twice. */
  stop(): Promise<void>;
}

const IDLE_SWEEP_MS = 25;

/** Closes the listener; resolves when the last request in flight is answered, at the latest after `graceMs`. */
async function closeListener(server: Server, graceMs: number): Promise<void> {
  const closed = new Promise<void>((resolve) => void server.close(() => resolve()));
  // close() drops connections that are idle now; those that become idle later are ours to drop.
  const sweep = setInterval(() => server.closeIdleConnections(), IDLE_SWEEP_MS);
  const giveUp = setTimeout(() => server.closeAllConnections(), graceMs);
  await closed;
  clearInterval(sweep);
  clearTimeout(giveUp);
}

async function stopGracefully(app: NestFastifyApplication, options: ServeOptions): Promise<void> {
  const deadline = Date.now() + options.graceMs;
  app.get(Draining, { strict: false }).begin();
  logger().info('draining');
  // No balancer sends work to a process whose modules end first: its jobs get the whole grace.
  if (options.endsFirst !== 'modules') {
    await sleep(options.readinessDelayMs);
    await closeListener(app.getHttpServer(), Math.max(0, deadline - Date.now()));
  }
  await app.close();
  logger().info('stopped');
}

/** Listens. Stopping says "not ready", waits, lets requests in flight finish, and closes everything else after them. */
export async function serve(app: NestFastifyApplication, options: ServeOptions): Promise<Serving> {
  await app.listen(options.port, options.host);
  let stopping: Promise<void> | undefined;
  return {
    url: await app.getUrl(),
    stop: () => (stopping ??= stopGracefully(app, options)),
  };
}

/**
 * Stops on SIGTERM and SIGINT, then exits: 0 when all went well, 1 when the grace ran out or closing failed. A second
 * signal exits at once.
 */
export function stopOnSignals(serving: Pick<Serving, 'stop'>, graceMs: number): void {
  let signalled = false;
  const onSignal = (signal: NodeJS.Signals): void => {
    if (signalled) process.exit(1);
    signalled = true;
    logger().info({ signal }, 'stop signal');
    setTimeout(() => {
      logger().error({ graceMs }, 'grace ran out');
      process.exit(1);
    }, graceMs + 1_000).unref();
    serving.stop().then(
      () => process.exit(0),
      (error: unknown) => {
        logger().error({ err: error }, 'stopping failed');
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
}
