import { Module } from '@nestjs/common';
import { SecretsModule } from '#libs/secrets';
import { IssueEmailedToken } from './emailed-tokens/issue-emailed-token.js';
import { IdentityModule } from './identity.module.js';

/** Makes the tokens that are mailed, for whoever mails them. Needs ConfigModule. */
@Module({ imports: [IdentityModule, SecretsModule], providers: [IssueEmailedToken], exports: [IssueEmailedToken] })
export class EmailedTokensModule {}
