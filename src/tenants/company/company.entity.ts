import { Column, Entity } from 'typeorm';
import { VersionedEntity } from '#libs/database';

/** The company that a tenant is: the seller on its invoices. One row a tenant, made with the tenant. */
@Entity('company')
export class Company extends VersionedEntity {
  @Column({ type: 'text', name: 'legal_name' })
  legalName!: string;

  /** At most six, as printed under the name; without the country. */
  @Column({ type: 'text', name: 'address_lines', array: true })
  addressLines: string[] = [];

  /** ISO 3166-1 alpha-2. */
  @Column({ type: 'char', length: 2 })
  country!: string;

  /** VAT or tax registration, as printed. */
  @Column({ type: 'text', name: 'tax_number', nullable: true })
  taxNumber: string | null = null;

  /** Where customers answer to. */
  @Column({ type: 'text', nullable: true })
  email: string | null = null;

  /** Days from the date of an invoice until it is due. */
  @Column({ type: 'integer', name: 'payment_terms_days' })
  paymentTermsDays: number = 30;

  /** Printed at the foot of invoices: bank details, register, thanks. */
  @Column({ type: 'text', name: 'invoice_footer', nullable: true })
  invoiceFooter: string | null = null;
}
