import { ModulesContainer } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { AppConfig } from '#libs/config';
import { logger } from '#libs/telemetry';
import type { FastifyInstance } from 'fastify';
import { routesIn } from '../app/routes.js';
import { cachedReadOf } from './cached-read.options.js';

/** What is not warm by then is filled by whoever asks first. */
const WARM_UP_MAX_MS = 30_000;

/** Addresses that fill the cache, as their routes say. */
function addressesIn(app: NestFastifyApplication): string[] {
  return routesIn(app.get(ModulesContainer)).flatMap(({ path, handler }) =>
    (cachedReadOf(handler)?.warmUp ?? []).map((query) => path + query),
  );
}

async function isAnswered(fastify: FastifyInstance, url: string, tenant: string): Promise<boolean> {
  try {
    const { statusCode } = await fastify.inject({ method: 'GET', url, headers: { 'x-tenant': tenant } });
    if (statusCode === 200) return true;
    logger().warn({ tenant, url, statusCode }, 'not warmed up');
  } catch (error) {
    // The process is on its way out already.
    logger().warn({ tenant, url, err: error }, 'not warmed up');
  }
  return false;
}

/**
 * Asks, one after the other, for the public pages of the tenants in CACHE_WARM_UP_TENANTS, as a visitor would, so that the
 * first ones after a start find them in the cache (requirement A3). Gives how many were answered; fails for nobody.
 */
export async function warmUp(app: NestFastifyApplication, { cache }: AppConfig): Promise<number> {
  const giveUpAt = Date.now() + WARM_UP_MAX_MS;
  const fastify = app.getHttpAdapter().getInstance();
  let warm = 0;
  for (const tenant of cache.warmUpTenants) {
    for (const url of addressesIn(app)) {
      if (Date.now() > giveUpAt) return warm;
      if (await isAnswered(fastify, url, tenant)) warm += 1;
    }
  }
  if (warm > 0) logger().info({ pages: warm }, 'public pages are in the cache');
  return warm;
}
