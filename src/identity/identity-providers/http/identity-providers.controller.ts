import { Body, Controller, Delete, Get, Post, Put, Query, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { ConcurrentModification } from '#libs/database';
import { AddressRefused } from '#libs/egress';
import { Answers, IdParam, IfMatch, PreconditionFailed, Refuses, RequiresPermission, setETag } from '#libs/http';
import { InvalidCursor } from '#libs/kernel';
import { PermissionEscalation, RoleNotFound } from '../../roles/role.errors.js';
import { IdentityProviderNotFound, IdentityProviderSlugTaken } from '../../oidc/oidc.errors.js';
import { DefineIdentityProvider } from '../define-identity-provider.js';
import { IdentityProviderQueries, type IdentityProviderView } from '../identity-provider.queries.js';
import {
  presentProvider,
  type ProviderDefinitionBody,
  providerDefinitionSchema,
  type ProviderListQuery,
  providerListQuery,
  providerPageSchema,
  providerSchema,
} from './identity-providers.schemas.js';

/** Servers of others by which people of the tenant may sign in. To set one up takes all permissions that there are. */
@ApiTags('Identity providers')
@Controller({ path: 'identity-providers', version: '1' })
export class IdentityProvidersController {
  constructor(
    private readonly queries: IdentityProviderQueries,
    private readonly define: DefineIdentityProvider,
  ) {}

  /** All providers, newest first. */
  @Get()
  @RequiresPermission('identity_provider.read')
  @Answers(200, providerPageSchema)
  @Refuses(InvalidCursor)
  async list(@Query({ schema: providerListQuery }) query: ProviderListQuery) {
    const page = await this.queries.page(query);
    return { items: page.items.map(presentProvider), nextCursor: page.nextCursor };
  }

  /** Adds one. Register `<front end>/sign-in/callback` as its redirect address. */
  @Post()
  @RequiresPermission('identity_provider.write')
  @Answers(201, providerSchema)
  @Refuses(IdentityProviderSlugTaken, RoleNotFound, AddressRefused, PermissionEscalation)
  async add(
    @Body({ schema: providerDefinitionSchema }) body: ProviderDefinitionBody,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const provider = await this.define.add(body);
    reply.header('Location', `/v1/identity-providers/${provider.id}`);
    return answer(provider, reply);
  }

  /** One provider. */
  @Get(':id')
  @RequiresPermission('identity_provider.read')
  @Answers(200, providerSchema)
  @Refuses(IdentityProviderNotFound)
  async get(@IdParam() id: string, @Res({ passthrough: true }) reply: FastifyReply) {
    return answer(await this.queries.get(id), reply);
  }

  /** Replaces one. */
  @Put(':id')
  @RequiresPermission('identity_provider.write')
  @Answers(200, providerSchema)
  @Refuses(
    IdentityProviderNotFound,
    IdentityProviderSlugTaken,
    RoleNotFound,
    AddressRefused,
    PermissionEscalation,
    PreconditionFailed,
    ConcurrentModification,
  )
  async replace(
    @IdParam() id: string,
    @Body({ schema: providerDefinitionSchema }) body: ProviderDefinitionBody,
    @IfMatch() expectedVersion: number | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return answer(await this.define.replace(id, body, expectedVersion), reply);
  }

  /** Removes one with its links. */
  @Delete(':id')
  @RequiresPermission('identity_provider.write')
  @Answers(204)
  @Refuses(IdentityProviderNotFound, PermissionEscalation)
  async remove(@IdParam() id: string): Promise<void> {
    await this.define.remove(id);
  }
}

function answer(provider: IdentityProviderView, reply: FastifyReply) {
  setETag(reply, provider.version);
  return presentProvider(provider);
}
