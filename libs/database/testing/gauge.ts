import { Injectable } from '@nestjs/common';
import { Column, Entity, type MigrationInterface, type QueryRunner } from 'typeorm';
import { DomainError } from '#libs/kernel';
import type { CapabilitySchema } from '../capability-schema.js';
import { TenantEntity } from '../tenant-entity.js';
import { TenantRepository } from '../tenant-repository.js';
import { tenantTable } from '../tenant-table.js';
import { UnitOfWork } from '../unit-of-work.js';

/** A row without a version, changed under its lock, like a stock level. */
@Entity('gauge')
export class Gauge extends TenantEntity {
  @Column({ type: 'integer' })
  reading!: number;
}

export class GaugeNotFound extends DomainError {
  static readonly code = 'gauge.not_found';
  static readonly kind = 'not_found';
  constructor(id: string) {
    super(`There is no gauge ${id}.`);
  }
}

@Injectable()
export class Gauges extends TenantRepository<Gauge> {
  constructor(unitOfWork: UnitOfWork) {
    super(unitOfWork, Gauge, GaugeNotFound);
  }
}

export class GaugeTable1763600000002 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table gauge (
        tenant_id uuid not null,
        id uuid not null,
        reading integer not null check (reading >= 0),
        created_at timestamptz not null default now(),
        primary key (tenant_id, id)
      )`);
    await tenantTable(runner, 'gauge');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table gauge');
  }
}

export const gaugeSchema: CapabilitySchema = { entities: [Gauge], migrations: [GaugeTable1763600000002] };

/** A gauge that shows something. */
export function gauge(reading: number): Gauge {
  return Object.assign(new Gauge(), { reading });
}
