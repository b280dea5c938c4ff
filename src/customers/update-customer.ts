import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '#libs/database';
import type { Address, Customer, CustomerKind } from './customer.entity.js';
import { CustomersRepository } from './customers.repository.js';

/** What may change; a field that is left out stays as it is, null removes it. */
export interface CustomerChanges {
  readonly kind?: CustomerKind | undefined;
  readonly name?: string | undefined;
  readonly email?: string | null | undefined;
  readonly phone?: string | null | undefined;
  readonly taxNumber?: string | null | undefined;
  readonly externalRef?: string | null | undefined;
  readonly billingAddress?: Address | undefined;
  readonly shippingAddress?: Address | undefined;
}

/** Changes a customer. Documents that name it keep what they copied. */
@Injectable()
export class UpdateCustomer {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly customers: CustomersRepository,
  ) {}

  /**
   * @param inspect sees the current row before it changes and may throw, e.g. when the client saw another version
   * @throws CustomerNotFound, CustomerExternalRefTaken, ConcurrentModification
   */
  async execute(id: string, changes: CustomerChanges, inspect?: (current: Customer) => void): Promise<Customer> {
    return this.unitOfWork.run(async () => {
      const customer = await this.customers.get(id);
      inspect?.(customer);
      customer.kind = changes.kind ?? customer.kind;
      customer.name = changes.name ?? customer.name;
      customer.billingAddress = changes.billingAddress ?? customer.billingAddress;
      customer.shippingAddress = changes.shippingAddress ?? customer.shippingAddress;
      if (changes.email !== undefined) customer.email = changes.email;
      if (changes.phone !== undefined) customer.phone = changes.phone;
      if (changes.taxNumber !== undefined) customer.taxNumber = changes.taxNumber;
      if (changes.externalRef !== undefined) customer.externalRef = changes.externalRef;
      await this.customers.store(customer);
      return customer;
    });
  }
}
