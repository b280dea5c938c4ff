import { Injectable } from '@nestjs/common';
import { In } from 'typeorm';
import { TenantRepository, UnitOfWork } from '#libs/database';
import { Customer } from './customer.entity.js';
import { CustomerNotFound } from './customer.errors.js';

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
}
