import { Column, Entity } from 'typeorm';
import { VersionedEntity } from '#libs/database';
import { searchText } from '#libs/kernel';

/** A postal address as people write it. */
export interface Address {
  readonly line1: string;
  readonly line2: string | null;
  readonly city: string;
  readonly region: string | null;
  readonly postalCode: string | null;
  /** A country as the customer gave it: a name or an ISO 3166 code, at most 60 characters. */
  readonly country: string;
}

export type CustomerKind = 'person' | 'company';

/** Archived customers stay in old documents and can no longer order. */
export type CustomerStatus = 'active' | 'archived';

/** Who buys. Documents copy name and addresses, so that editing a customer changes no document. */
@Entity('customer')
export class Customer extends VersionedEntity {
  /** `C-000001`, counted up per tenant. */
  @Column({ type: 'text', update: false })
  number!: string;

  @Column({ type: 'text' })
  kind!: CustomerKind;

  @Column({ type: 'text' })
  name!: string;

  @Column({ type: 'text', nullable: true })
  email!: string | null;

  @Column({ type: 'text', nullable: true })
  phone!: string | null;

  /** VAT or other tax number. */
  @Column({ type: 'text', name: 'tax_number', nullable: true })
  taxNumber!: string | null;

  /** The customer's id in another system, unique per tenant. */
  @Column({ type: 'text', name: 'external_ref', nullable: true })
  externalRef!: string | null;

  @Column({ type: 'jsonb', name: 'billing_address' })
  billingAddress!: Address;

  @Column({ type: 'jsonb', name: 'shipping_address' })
  shippingAddress!: Address;

  @Column({ type: 'text' })
  status: CustomerStatus = 'active';

  /** What the customer is found by. Derived, so that no change of a name can forget it. */
  @Column({ type: 'text', name: 'search_text', select: false })
  get searchText(): string {
    return searchText(this.name, this.number, this.email, this.externalRef);
  }

  /** Lets the customer order no more. Gives false when that is so already. */
  archive(): boolean {
    if (this.status === 'archived') return false;
    this.status = 'archived';
    return true;
  }

  /** Lets the customer order again. Gives false when that is so already. */
  restore(): boolean {
    if (this.status === 'active') return false;
    this.status = 'active';
    return true;
  }
}
