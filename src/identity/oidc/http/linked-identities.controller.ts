import { Body, Controller, Delete, Get, Post, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Answers, IdParam, LoginLimit, OwnUnitsOfWork, Refuses, SignedIn } from '#libs/http';
import { LinkIdentity } from '../link-identity.js';
import {
  AuthorizationRefused,
  AuthorizationUnknown,
  IdentityLinkedAlready,
  IdentityProviderNotFound,
  IdentityProviderUnavailable,
  LinkedIdentityNotFound,
} from '../oidc.errors.js';
import {
  authorizationSchema,
  type BeginBody,
  beginSchema,
  type FinishBody,
  finishSchema,
  linkedIdentitiesSchema,
  linkedIdentitySchema,
  presentAuthorization,
  presentIdentity,
} from './oidc.schemas.js';

const ASKS = 'it asks the identity provider in between';

/** The identities by which the caller may sign in. */
@ApiTags('Sign-in')
@Controller({ path: 'auth/linked-identities', version: '1' })
export class LinkedIdentitiesController {
  constructor(private readonly linkIdentity: LinkIdentity) {}

  /** All of the caller's. */
  @Get()
  @SignedIn()
  @Answers(200, linkedIdentitiesSchema)
  async own() {
    return { items: (await this.linkIdentity.own()).map(presentIdentity) };
  }

  /** Begins to link one: send the browser to `url`. */
  @Post('authorizations')
  @SignedIn()
  @LoginLimit()
  @OwnUnitsOfWork(ASKS, 'Each time, another authorization begins.')
  @Answers(200, authorizationSchema)
  @Refuses(IdentityProviderNotFound, IdentityProviderUnavailable)
  async begin(@Body({ schema: beginSchema }) body: BeginBody, @Res({ passthrough: true }) reply: FastifyReply) {
    const begun = await this.linkIdentity.begin(body.provider);
    reply.header('Cache-Control', 'no-store');
    return presentAuthorization(begun);
  }

  /** Links the identity with which the browser came back. */
  @Post()
  @SignedIn()
  @LoginLimit()
  @OwnUnitsOfWork(ASKS, 'Each ticket is good once: a repetition is refused.')
  @Answers(201, linkedIdentitySchema)
  @Refuses(
    AuthorizationUnknown,
    AuthorizationRefused,
    IdentityLinkedAlready,
    IdentityProviderNotFound,
    IdentityProviderUnavailable,
  )
  async link(
    @Body({ schema: finishSchema }) { ticket, response }: FinishBody,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const linked = await this.linkIdentity.finish(ticket, response);
    reply.header('Location', '/v1/auth/linked-identities');
    return presentIdentity(linked);
  }

  /** Takes one away. */
  @Delete(':id')
  @SignedIn()
  @Answers(204)
  @Refuses(LinkedIdentityNotFound)
  async unlink(@IdParam() id: string): Promise<void> {
    await this.linkIdentity.unlink(id);
  }
}
