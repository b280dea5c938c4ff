import type { AppConfig } from '#libs/config';
import { buildOpenApi, createHttpApp } from '#libs/http';
import { ApiModule } from './api.module.js';
import { apiReference } from './reference.js';

/**
 * The OpenAPI document of the API as it is checked in (docs/openapi.json). Made from the routes alone: nothing is
 * connected to, and the configuration leaves no trace in it.
 */
export async function openApiDocument(config: AppConfig): Promise<string> {
  const app = await createHttpApp(ApiModule.forRoot(config), { config, reference: apiReference, logger: false });
  try {
    return `${JSON.stringify(buildOpenApi(app, apiReference), null, 2)}\n`;
  } finally {
    await app.close();
  }
}
