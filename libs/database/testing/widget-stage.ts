import type { TestingModule } from '@nestjs/testing';
import type { Type } from '@nestjs/common';
import type { TenantIdentity } from '#libs/context';
import { inTenant } from '#libs/tenancy';
import { createTestDatabase, type TestDatabase, testingModule, testTenant } from '#libs/testing';
import type { CapabilitySchema } from '../capability-schema.js';
import { UnitOfWork } from '../unit-of-work.js';
import { widgetSchema, Widgets } from './widget.js';

/** A database with widgets (and what else a spec brings), and a tenant. Open it in `beforeAll`, close it in `afterAll`. */
export class WidgetStage {
  readonly unitOfWork: UnitOfWork;
  readonly widgets: Widgets;
  private tenant: TenantIdentity;

  private constructor(
    readonly database: TestDatabase,
    readonly module: TestingModule,
  ) {
    this.unitOfWork = module.get(UnitOfWork);
    this.widgets = module.get(Widgets);
    this.tenant = testTenant(database);
  }

  static async open(schemas: readonly CapabilitySchema[] = [], providers: readonly Type[] = []): Promise<WidgetStage> {
    const database = await createTestDatabase([widgetSchema, ...schemas]);
    return new WidgetStage(database, await testingModule(database, { providers: [Widgets, ...providers] }));
  }

  async close(): Promise<void> {
    await this.module.close();
    await this.database.drop();
  }

  /** Another one, who has no widgets yet. */
  newTenant(): void {
    this.tenant = testTenant(this.database);
  }

  /** In the tenant, outside of any unit of work. */
  as<T>(work: () => Promise<T>): Promise<T> {
    return inTenant(this.tenant, work);
  }

  /** In the tenant, in a unit of work. */
  run<T>(work: () => Promise<T>): Promise<T> {
    return this.as(() => this.unitOfWork.run(work));
  }
}
