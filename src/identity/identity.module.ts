import { Module } from '@nestjs/common';
import { RoleQueries } from './roles/role.queries.js';
import { Roles } from './roles/roles.repository.js';
import { ProvisionPeople } from './users/provision-people.js';
import { UserQueries } from './users/user.queries.js';
import { Users } from './users/users.repository.js';

/** Who the people of a tenant are, and the first of them in a new tenant. Every process that provisions imports it. */
@Module({
  providers: [Users, Roles, UserQueries, RoleQueries, ProvisionPeople],
  exports: [Users, Roles, UserQueries, RoleQueries],
})
export class IdentityModule {}
