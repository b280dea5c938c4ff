import { Module } from '@nestjs/common';
import { EmailedTokens } from './emailed-tokens/emailed-tokens.repository.js';
import { RequestEmailedToken } from './emailed-tokens/request-emailed-token.js';
import { RoleQueries } from './roles/role.queries.js';
import { Roles } from './roles/roles.repository.js';
import { ProvisionPeople } from './users/provision-people.js';
import { UserQueries } from './users/user.queries.js';
import { Users } from './users/users.repository.js';

/**
 * Who the people of a tenant are, and the first of them in a new tenant. Every process that provisions imports it. Needs
 * the outbox.
 */
@Module({
  providers: [Users, Roles, UserQueries, RoleQueries, EmailedTokens, RequestEmailedToken, ProvisionPeople],
  exports: [Users, Roles, UserQueries, RoleQueries, EmailedTokens, RequestEmailedToken],
})
export class IdentityModule {}
