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

  /** In the object itself: an import makes a million of them, and the collector goes over each entry of a WeakMap. */
  #isStored = false;
  #asRead: object | undefined;

  /** Whether the row is in the database: it was inserted or read. For its repository. */
  static isStored(entity: TenantEntity): boolean {
    return entity.#isStored;
  }

  /** For its repository. */
  static markStored(entity: TenantEntity, isStored = true): void {
    entity.#isStored = isStored;
  }

  /** What the row was like when it was read or written last; for telling whoever loses a race what the winner changed. */
  static asRead(entity: TenantEntity): object | undefined {
    return entity.#asRead;
  }

  /** Keeps a shallow copy: fields are replaced, not changed inside. */
  static rememberAsRead(entity: TenantEntity): void {
    entity.#asRead = Object.assign({}, entity);
  }
}

/** A row that people edit: `version` grows with each update and decides races (requirement B3). */
export abstract class VersionedEntity extends TenantEntity {
  @Column('integer')
  version: number = 1;

  @Column({ type: 'timestamptz', name: 'updated_at' })
  updatedAt: Date = new Date();
}
