import { Module } from '@nestjs/common';
import { PermissionsController } from './roles/http/permissions.controller.js';
import { RolesController } from './roles/http/roles.controller.js';
import { AuthController } from './sessions/http/auth.controller.js';
import { SessionsModule } from './sessions.module.js';
import { UsersController } from './users/http/users.controller.js';

/** Sign-in, users and roles over HTTP; with the `SessionVerifier` that the guards ask. */
@Module({
  imports: [SessionsModule],
  controllers: [AuthController, UsersController, RolesController, PermissionsController],
})
export class IdentityHttpModule {}
