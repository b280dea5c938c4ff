import { z } from 'zod';
import { instantSchema, pageOf, pageQuery, text, uuid } from '#libs/http';
import type { ApiKeyView } from '../api-key.queries.js';

/** Body of `POST /v1/api-keys`. */
export const newApiKeySchema = z
  .strictObject({
    name: text({ max: 100 }),
    permissions: z.array(z.string().max(60)).min(1).max(200).describe('Names from GET /v1/permissions; none you lack'),
    expiresInDays: z.int().min(1).max(365).default(90),
  })
  .meta({ id: 'NewApiKey', example: { name: 'web shop', permissions: ['sales.order.write'], expiresInDays: 90 } });

const fields = {
  id: uuid,
  userId: uuid.describe('For whom it acts'),
  name: z.string(),
  ending: z.string().describe('The last four characters of the key'),
  permissions: z.array(z.string()).describe('It permits those of them that its user has'),
  createdAt: instantSchema,
  expiresAt: instantSchema,
  lastUsedAt: instantSchema.nullable().describe('To the minute'),
  revokedAt: instantSchema.nullable(),
};

/** An API key as the API shows it. */
export const apiKeySchema = z.strictObject(fields).meta({ id: 'ApiKey' });

/** An API key with the key itself: the answer to its making alone. */
export const createdApiKeySchema = z
  .strictObject({ ...fields, key: z.string().describe('Send it as `Authorization: Bearer qk_…`. Shown this once') })
  .meta({ id: 'CreatedApiKey' });

/** A page of API keys. */
export const apiKeyPageSchema = pageOf(apiKeySchema);

/** Query of `GET /v1/api-keys`. */
export const apiKeyListQuery = pageQuery({});

/** Body of `POST /v1/api-keys`. */
export type NewApiKeyBody = z.output<typeof newApiKeySchema>;
/** Query of `GET /v1/api-keys`. */
export type ApiKeyListQuery = z.output<typeof apiKeyListQuery>;

/** The answer for an API key. */
export function presentApiKey(key: ApiKeyView): z.input<typeof apiKeySchema> {
  const { createdAt, expiresAt, lastUsedAt, revokedAt, ...rest } = key;
  return {
    ...rest,
    createdAt: createdAt.toISOString(),
    expiresAt: expiresAt.toISOString(),
    lastUsedAt: lastUsedAt?.toISOString() ?? null,
    revokedAt: revokedAt?.toISOString() ?? null,
  };
}
