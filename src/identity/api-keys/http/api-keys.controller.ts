import { Body, Controller, Delete, Get, Post, Query, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { SessionRequired } from '#libs/auth';
import { AnswerOnce, Answers, IdParam, Refuses, RequiresPermission, SignedIn } from '#libs/http';
import { InvalidCursor } from '#libs/kernel';
import { PermissionEscalation, PermissionUnknown } from '../../roles/role.errors.js';
import { ApiKeyNotFound, TooManyApiKeys } from '../api-key.errors.js';
import { ApiKeyQueries } from '../api-key.queries.js';
import { CreateApiKey } from '../create-api-key.js';
import { RevokeApiKey } from '../revoke-api-key.js';
import {
  type ApiKeyListQuery,
  apiKeyListQuery,
  apiKeyPageSchema,
  apiKeySchema,
  createdApiKeySchema,
  type NewApiKeyBody,
  newApiKeySchema,
  presentApiKey,
} from './api-keys.schemas.js';

/** Keys for programs. People see their own; who may `api_key.manage`, everybody's. */
@ApiTags('API keys')
@Controller({ path: 'api-keys', version: '1' })
export class ApiKeysController {
  constructor(
    private readonly queries: ApiKeyQueries,
    private readonly createApiKey: CreateApiKey,
    private readonly revokeApiKey: RevokeApiKey,
  ) {}

  /** Keys, newest first, revoked ones included. */
  @Get()
  @SignedIn()
  @Answers(200, apiKeyPageSchema)
  @Refuses(InvalidCursor)
  async list(@Query({ schema: apiKeyListQuery }) query: ApiKeyListQuery) {
    const page = await this.queries.page(query);
    return { items: page.items.map(presentApiKey), nextCursor: page.nextCursor };
  }

  /** Makes a key. The answer shows it this once. */
  @Post()
  @RequiresPermission('api_key.write')
  @AnswerOnce()
  @Answers(201, createdApiKeySchema)
  @Refuses(SessionRequired, PermissionUnknown, PermissionEscalation, TooManyApiKeys)
  async create(
    @Body({ schema: newApiKeySchema }) body: NewApiKeyBody,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const { key, ...view } = await this.createApiKey.execute(body);
    reply.header('Location', `/v1/api-keys/${view.id}`).header('Cache-Control', 'no-store');
    return { ...presentApiKey(view), key };
  }

  /** One key. */
  @Get(':id')
  @SignedIn()
  @Answers(200, apiKeySchema)
  @Refuses(ApiKeyNotFound)
  async get(@IdParam() id: string) {
    return presentApiKey(await this.queries.get(id));
  }

  /** Revokes a key: it is void at once. */
  @Delete(':id')
  @SignedIn()
  @Answers(204)
  @Refuses(ApiKeyNotFound)
  async revoke(@IdParam() id: string): Promise<void> {
    await this.revokeApiKey.execute(id);
  }
}
