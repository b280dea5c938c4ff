import { Module } from '@nestjs/common';
import { NumberingModule } from '#libs/numbering';
import { CreateCustomers } from './create-customers.js';
import { CustomerQueries } from './customer.queries.js';
import { CustomersRepository } from './customers.repository.js';

/** Who buys. */
@Module({
  imports: [NumberingModule],
  providers: [CustomersRepository, CustomerQueries, CreateCustomers],
  exports: [CustomersRepository, CustomerQueries, CreateCustomers],
})
export class CustomersModule {}
