import { Column, Entity } from 'typeorm';
import { VersionedEntity } from '#libs/database';

/** A shelf of the catalogue. Categories form a tree. */
@Entity('category')
export class Category extends VersionedEntity {
  /** Part of public URLs; unique per tenant. */
  @Column({ type: 'text' })
  slug!: string;

  @Column({ type: 'text' })
  name!: string;

  @Column({ type: 'uuid', name: 'parent_id', nullable: true })
  parentId!: string | null;

  /** Order among its siblings, lowest first. */
  @Column({ type: 'integer' })
  position: number = 0;
}
