import { Injectable } from '@nestjs/common';
import { Column, Entity, type MigrationInterface, type QueryRunner } from 'typeorm';
import { DomainError } from '#libs/kernel';
import type { CapabilitySchema } from '../capability-schema.js';
import { minorUnits } from '../columns.js';
import { VersionedEntity } from '../tenant-entity.js';
import { TenantRepository } from '../tenant-repository.js';
import { tenantTable } from '../tenant-table.js';
import { UnitOfWork } from '../unit-of-work.js';

/** A table that belongs to no business: the smallest thing the data access rules can be shown on. */
@Entity('widget')
export class Widget extends VersionedEntity {
  @Column({ type: 'text' })
  name!: string;

  @Column({ type: 'bigint', name: 'price_minor', transformer: minorUnits })
  priceMinor!: bigint;
}

export class WidgetNotFound extends DomainError {
  static readonly code = 'widget.not_found';
  static readonly kind = 'not_found';
  constructor(id: string) {
    super(`There is no widget ${id}.`);
  }
}

@Injectable()
export class Widgets extends TenantRepository<Widget> {
  constructor(unitOfWork: UnitOfWork) {
    super(unitOfWork, Widget, WidgetNotFound);
  }
}

export class WidgetTable1763600000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table widget (
        tenant_id uuid not null,
        id uuid not null,
        name text not null,
        price_minor bigint not null,
        version integer not null,
        created_at timestamptz not null default now(),
        updated_at timestamptz not null,
        primary key (tenant_id, id),
        unique (tenant_id, name)
      )`);
    await tenantTable(runner, 'widget');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table widget');
  }
}

export const widgetSchema: CapabilitySchema = { entities: [Widget], migrations: [WidgetTable1763600000001] };

/** A widget with a meaningful name and price. */
export function widget(name: string, priceMinor = 1_000n): Widget {
  return Object.assign(new Widget(), { name, priceMinor });
}
