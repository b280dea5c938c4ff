import { Module } from '@nestjs/common';
import { CustomersModule } from './customers.module.js';
import { CustomerArchivalController } from './http/customer-archival.controller.js';
import { CustomersController } from './http/customers.controller.js';

/** Customers over HTTP. */
@Module({ imports: [CustomersModule], controllers: [CustomersController, CustomerArchivalController] })
export class CustomersHttpModule {}
