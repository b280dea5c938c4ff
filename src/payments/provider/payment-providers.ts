import { Injectable } from '@nestjs/common';
import type { PaymentProvider } from './payment-provider.js';
import { PaymentProviderUnknown } from './provider.errors.js';
import { SandboxPaymentProvider } from './sandbox/sandbox-payment-provider.js';

/** The providers of this installation by name. */
@Injectable()
export class PaymentProviders {
  private readonly byName: ReadonlyMap<string, PaymentProvider>;

  constructor(sandbox: SandboxPaymentProvider) {
    this.byName = new Map([[sandbox.name, sandbox]]);
  }

  /** @throws PaymentProviderUnknown */
  get(name: string): PaymentProvider {
    const provider = this.byName.get(name);
    if (!provider) throw new PaymentProviderUnknown(name);
    return provider;
  }
}
