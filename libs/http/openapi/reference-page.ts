import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { SwaggerModule } from '@nestjs/swagger';
import { ApiDocument, type ApiReference } from './api-reference.js';
import { buildOpenApi } from './build-open-api.js';

const documents = new WeakMap<object, ApiDocument>();

/** The document of the application that this adapter serves. */
export function documentOf(adapter: object): ApiDocument {
  const document = documents.get(adapter);
  if (!document) throw new Error('This application serves no reference');
  return document;
}

/** Serves the document's page at /docs. Scripts and styles come from the installed package: no internet is needed. */
export function serveReferencePage(app: NestFastifyApplication, reference: ApiReference): void {
  const document = new ApiDocument(() => buildOpenApi(app, reference));
  documents.set(app.getHttpAdapter(), document);
  SwaggerModule.setup('docs', app, () => document.document, {
    raw: false,
    customSiteTitle: reference.title,
    swaggerOptions: { displayRequestDuration: true, docExpansion: 'none', persistAuthorization: false },
  });
}
