import { Column, PrimaryColumn } from 'typeorm';
import { uuidv7 } from '#libs/kernel';

/** A row of one tenant. `tenantId` is filled in by the repository and forced by row-level security. */
export abstract class TenantEntity {
  @PrimaryColumn('uuid', { name: 'tenant_id' })
  tenantId!: string;

  /** UUID version 7, made here: ids sort by the time they were made, which keyset pages rely on. */
  @PrimaryColumn('uuid')
  id: string = uuidv7();

  @Column({ type: 'timestamptz', name: 'created_at', update: false })
  createdAt: Date = new Date();
}

/** A row that people edit: `version` grows with each update and decides races (requirement B3). */
export abstract class VersionedEntity extends TenantEntity {
  @Column('integer')
  version: number = 1;

  @Column({ type: 'timestamptz', name: 'updated_at' })
  updatedAt: Date = new Date();
}
