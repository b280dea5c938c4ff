import { Controller, Delete } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Answers, IdParam, Refuses, RequiresPermission } from '#libs/http';
import { PermissionEscalation } from '../../roles/role.errors.js';
import { UserNotFound } from '../../users/user.errors.js';
import { ChangeSecondFactor } from '../change-second-factor.js';
import { SecondFactorNotFound } from '../second-factor.errors.js';

/** Second factors of others, who have lost theirs. */
@ApiTags('Users')
@Controller({ path: 'users/:id/second-factor', version: '1' })
export class UserSecondFactorsController {
  constructor(private readonly change: ChangeSecondFactor) {}

  /** Removes the second factor of a user and ends their sessions. Nobody does so to whoever is permitted more. */
  @Delete()
  @RequiresPermission('user.write')
  @Answers(204)
  @Refuses(UserNotFound, PermissionEscalation, SecondFactorNotFound)
  async remove(@IdParam() id: string): Promise<void> {
    await this.change.removeOf(id);
  }
}
