import { Injectable } from '@nestjs/common';
import { In } from 'typeorm';
import { TenantRepository, UnitOfWork, violatedConstraint } from '#libs/database';
import { Customer } from './customer.entity.js';
import { CustomerExternalRefTaken, CustomerNotFound } from './customer.errors.js';

/** The only place that reads and writes customers. */
@Injectable()
export class CustomersRepository extends TenantRepository<Customer> {
  constructor(unitOfWork: UnitOfWork) {
    super(unitOfWork, Customer, CustomerNotFound);
  }

  /** Customers by external reference; unknown ones are left out. */
  async findByExternalRefs(refs: readonly string[]): Promise<Customer[]> {
    if (refs.length === 0) return [];
    return this.find({ externalRef: In([...new Set(refs)]) });
  }

  /** Inserts what is new and updates the rest. @throws CustomerExternalRefTaken, ConcurrentModification */
  async store(customers: Customer | readonly Customer[]): Promise<void> {
    try {
      await this.save(customers);
    } catch (error) {
      throw violatedConstraint(error) === 'customer_external_ref_unique' ? new CustomerExternalRefTaken() : error;
    }
  }
}
