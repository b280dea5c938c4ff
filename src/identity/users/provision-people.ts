import { Injectable, type OnModuleInit } from '@nestjs/common';
import { type ProvisioningInput, ProvisioningSteps } from '#libs/tenancy';
import { RequestEmailedToken } from '../emailed-tokens/request-emailed-token.js';
import { FIRST_ROLES } from '../roles/permissions.js';
import { Role } from '../roles/role.entity.js';
import { Roles } from '../roles/roles.repository.js';
import { User } from './user.entity.js';
import { Users } from './users.repository.js';

/** Gives every new tenant its first roles and its administrator, who is an owner and asked to verify their address. */
@Injectable()
export class ProvisionPeople implements OnModuleInit {
  constructor(
    private readonly steps: ProvisioningSteps,
    private readonly roles: Roles,
    private readonly users: Users,
    private readonly requestToken: RequestEmailedToken,
  ) {}

  onModuleInit(): void {
    this.steps.register({ name: 'identity.people', order: 10, run: (input) => this.run(input) });
  }

  private async run({ adminEmail, adminName, adminPasswordHash }: ProvisioningInput): Promise<void> {
    const owner = Object.assign(new Role(), { name: 'owner', isOwner: true });
    const others = Object.entries(FIRST_ROLES).map(([name, permissions]) => {
      const role = new Role();
      role.redefine(name, permissions);
      return role;
    });
    await this.roles.insert([owner, ...others]);
    const admin = Object.assign(new User(), { email: adminEmail, name: adminName, passwordHash: adminPasswordHash });
    await this.users.insert(admin);
    await this.roles.assign(admin.id, [owner.id]);
    await this.requestToken.execute('email_verification', adminEmail);
  }
}
