import { Global, Module } from '@nestjs/common';
import { AccessTokens } from './access-tokens.js';
import { OperatorTokens } from './operator-tokens.js';
import { PasswordHasher } from './password-hasher.js';
import { SessionCookies } from './session-cookies.js';
import { TokenSigner } from './token-signer.js';

/** Tokens and passwords, for whoever signs people in. The guards come with `RequestGuards` of libs/http. */
@Global()
@Module({
  providers: [TokenSigner, AccessTokens, OperatorTokens, SessionCookies, PasswordHasher],
  exports: [TokenSigner, AccessTokens, OperatorTokens, SessionCookies, PasswordHasher],
})
export class AuthModule {}
