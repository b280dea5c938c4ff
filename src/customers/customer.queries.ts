import { Injectable } from '@nestjs/common';
import { containsWords, UnitOfWork } from '#libs/database';
import type { Page } from '#libs/kernel';
import type { Address, Customer, CustomerKind, CustomerStatus } from './customer.entity.js';
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

/** Which customers a list shows. */
export interface CustomerFilter {
  readonly status?: CustomerStatus | undefined;
  readonly kind?: CustomerKind | undefined;
  readonly number?: string | undefined;
  /** Exactly this address. */
  readonly email?: string | undefined;
  readonly externalRef?: string | undefined;
  /** Words that name, number, e-mail or external reference contain, in any order. */
  readonly q?: string | undefined;
}

/** Reads of customers, for screens and other capabilities. */
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

  /** @throws CustomerNotFound */
  async get(id: string): Promise<Customer> {
    return this.unitOfWork.read(() => this.customers.get(id));
  }

  /** One page, newest first. */
  async page({ q, ...filter }: CustomerFilter, limit: number, cursor?: string): Promise<Page<Customer>> {
    const given = Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined));
    const where = { ...given, ...(q !== undefined && { searchText: containsWords(q) }) };
    return this.unitOfWork.read(() => this.customers.page({ limit, cursor, where }));
  }
}

function facts(customer: Customer): CustomerFacts {
  const { id, number, name, email, taxNumber, status, externalRef, billingAddress, shippingAddress } = customer;
  return { id, number, name, email, taxNumber, status, externalRef, billingAddress, shippingAddress };
}
