import { Global, Module } from '@nestjs/common';
import { AccessTokens } from './access-tokens.js';
import { PasswordHasher } from './password-hasher.js';

/** Tokens and passwords, for whoever signs people in. The guards come with `RequestGuards` of libs/http. */
@Global()
@Module({ providers: [AccessTokens, PasswordHasher], exports: [AccessTokens, PasswordHasher] })
export class AuthModule {}
