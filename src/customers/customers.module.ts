import { Module } from '@nestjs/common';
import { NumberingModule } from '#libs/numbering';
import { ArchiveCustomer } from './archive-customer.js';
import { CreateCustomers } from './create-customers.js';
import { CustomerQueries } from './customer.queries.js';
import { CustomersRepository } from './customers.repository.js';
import { SeedDemoCustomers } from './demo/seed-demo-customers.js';
import { RestoreCustomer } from './restore-customer.js';
import { UpdateCustomer } from './update-customer.js';

const doors = [ArchiveCustomer, CreateCustomers, CustomerQueries, RestoreCustomer, SeedDemoCustomers, UpdateCustomer];

/** Who buys. */
@Module({ imports: [NumberingModule], providers: [CustomersRepository, ...doors], exports: doors })
export class CustomersModule {}
