import { Injectable } from '@nestjs/common';

/** What a new tenant's first administrator and company are called. */
export interface ProvisioningInput {
  readonly companyName: string;
  readonly country: string;
  readonly adminEmail: string;
  readonly adminName: string;
  readonly adminPasswordHash: string;
}

/** What a capability prepares in a new tenant: its chart of accounts, its roles, its first warehouse. */
export interface ProvisioningStep {
  readonly name: string;
  /** Lower runs first. */
  readonly order: number;
  /** Runs inside the new tenant's unit of work, together with all other steps. */
  run(input: ProvisioningInput): Promise<void>;
}

/** All capabilities register here; sign-up runs the steps in one unit of work of the new tenant. */
@Injectable()
export class ProvisioningSteps {
  private readonly steps: ProvisioningStep[] = [];

  register(step: ProvisioningStep): void {
    this.steps.push(step);
  }

  inOrder(): readonly ProvisioningStep[] {
    return this.steps.toSorted((a, b) => a.order - b.order);
  }
}
