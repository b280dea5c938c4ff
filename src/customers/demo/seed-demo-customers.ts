import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '#libs/database';
import { CreateCustomers } from '../create-customers.js';
import { type CustomerFacts, CustomerQueries } from '../customer.queries.js';
import { demoCustomers } from './demo-customers.js';

/** Gives the demo company its customers. */
@Injectable()
export class SeedDemoCustomers {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly createCustomers: CreateCustomers,
    private readonly queries: CustomerQueries,
  ) {}

  /** Creates those that are not there yet, by external reference, and gives all in the order of {@link demoCustomers}. */
  async execute(): Promise<CustomerFacts[]> {
    const wanted = demoCustomers();
    const refs = wanted.map(({ externalRef }) => externalRef ?? '');
    return this.unitOfWork.run(async () => {
      const known = await this.queries.byExternalRefs(refs);
      await this.createCustomers.execute(wanted.filter(({ externalRef }) => !known.has(externalRef ?? '')));
      const all = await this.queries.byExternalRefs(refs);
      return refs.flatMap((ref) => all.get(ref) ?? []);
    });
  }
}
