import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '#libs/database';
import { type Address, Customer, type CustomerStatus } from './customer.entity.js';
import { CustomersRepository } from './customers.repository.js';

/** What other capabilities may know about a customer: what their documents copy. */
export interface CustomerFacts {
  readonly id: string;
  readonly number: string;
  readonly name: string;
  readonly email: string | null;
  readonly taxNumber: string | null;
  readonly status: CustomerStatus;
  readonly externalRef: string | null;
  readonly billingAddress: Address;
  readonly shippingAddress: Address;
}

/** Reads of customers for other capabilities. */
@Injectable()
export class CustomerQueries {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly customers: CustomersRepository,
  ) {}

  /** By id; unknown ids are missing from the map. */
  async byIds(ids: readonly string[]): Promise<Map<string, CustomerFacts>> {
    const found = await this.unitOfWork.read(() => this.customers.findByIds(ids));
    return new Map(found.map((customer) => [customer.id, facts(customer)]));
  }

  /** By external reference; unknown ones are missing from the map. */
  async byExternalRefs(refs: readonly string[]): Promise<Map<string, CustomerFacts>> {
    const found = await this.unitOfWork.read(() => this.customers.findByExternalRefs(refs));
    return new Map(found.map((customer) => [customer.externalRef ?? '', facts(customer)]));
  }
}

function facts(customer: Customer): CustomerFacts {
  const { id, number, name, email, taxNumber, status, externalRef, billingAddress, shippingAddress } = customer;
  return { id, number, name, email, taxNumber, status, externalRef, billingAddress, shippingAddress };
}
