import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '#libs/database';
import type { Customer } from './customer.entity.js';
import { CustomersRepository } from './customers.repository.js';

/** Lets a customer order no more. Old documents keep the customer. */
@Injectable()
export class ArchiveCustomer {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly customers: CustomersRepository,
  ) {}

  /**
   * Archiving an archived customer changes nothing.
   * @param inspect sees the current row before it changes and may throw, e.g. when the client saw another version
   * @throws CustomerNotFound, ConcurrentModification
   */
  async execute(id: string, inspect?: (current: Customer) => void): Promise<Customer> {
    return this.unitOfWork.run(async () => {
      const customer = await this.customers.get(id);
      inspect?.(customer);
      if (customer.archive()) await this.customers.update(customer);
      return customer;
    });
  }
}
