import { Controller, Get } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Answers, RequiresPermission } from '#libs/http';
import { permissionListSchema, presentPermissions } from './roles.schemas.js';

/** What can be permitted. */
@ApiTags('Roles')
@Controller({ path: 'permissions', version: '1' })
export class PermissionsController {
  /** Every permission there is, with its meaning. */
  @Get()
  @RequiresPermission('role.read')
  @Answers(200, permissionListSchema)
  list() {
    return presentPermissions();
  }
}
