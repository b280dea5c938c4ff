import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '#libs/database';
import { NumberSeries } from '#libs/numbering';
import { type Address, Customer, type CustomerKind } from './customer.entity.js';
import { CustomersRepository } from './customers.repository.js';

/** What a new customer needs. */
export interface NewCustomer {
  readonly kind: CustomerKind;
  readonly name: string;
  readonly email?: string | null | undefined;
  readonly phone?: string | null | undefined;
  readonly taxNumber?: string | null | undefined;
  readonly externalRef?: string | null | undefined;
  readonly billingAddress: Address;
  /** Default: the billing address. */
  readonly shippingAddress?: Address | undefined;
}

/** Customers are numbered through all years: their series has one "year". */
const ALL_YEARS = 0;

/** Creates customers, one or thousands, in a constant number of statements. */
@Injectable()
export class CreateCustomers {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly customers: CustomersRepository,
    private readonly numbers: NumberSeries,
  ) {}

  /** Gives them in the order of the inputs, numbered in that order. @throws CustomerExternalRefTaken */
  async execute(inputs: readonly NewCustomer[]): Promise<Customer[]> {
    if (inputs.length === 0) return [];
    return this.unitOfWork.run(async () => {
      const first = await this.numbers.take('customer', ALL_YEARS, inputs.length);
      const created = inputs.map((input, index) => newCustomer(input, first + index));
      await this.customers.store(created);
      return created;
    });
  }

  /** Creates one. Throws as {@link execute} does. */
  async one(input: NewCustomer): Promise<Customer> {
    const [created] = await this.execute([input]);
    if (!created) throw new Error('nothing was created');
    return created;
  }
}

function newCustomer(input: NewCustomer, number: number): Customer {
  const customer = new Customer();
  customer.number = `C-${String(number).padStart(6, '0')}`;
  customer.kind = input.kind;
  customer.name = input.name;
  customer.email = input.email ?? null;
  customer.phone = input.phone ?? null;
  customer.taxNumber = input.taxNumber ?? null;
  customer.externalRef = input.externalRef ?? null;
  customer.billingAddress = input.billingAddress;
  customer.shippingAddress = input.shippingAddress ?? input.billingAddress;
  return customer;
}
