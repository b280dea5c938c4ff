import { Injectable } from '@nestjs/common';
import { type CustomerFacts, CustomerQueries } from '#erp/customers';
import { type SalesOrderSummary } from '#erp/sales';
import { type CompanyDetails, CompanyQueries } from '#erp/tenants';
import { UnitOfWork } from '#libs/database';
import type { DocumentParty } from '../invoices/sales-document.entity.js';

/** Seller and buyer as they go onto a document, and when the seller wants to be paid. */
export interface DocumentParties {
  readonly seller: DocumentParty;
  readonly buyer: DocumentParty;
  readonly paymentTermsDays: number;
}

interface PostalLines {
  readonly line1: string;
  readonly line2: string | null;
  readonly city: string;
  readonly region: string | null;
  readonly postalCode: string | null;
  readonly country: string;
}

/** Copies seller and buyer for a document that is being issued. */
@Injectable()
export class DocumentPartiesReader {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly companies: CompanyQueries,
    private readonly customers: CustomerQueries,
  ) {}

  /** Asks for what a document to this customer will need, in the round trip of what is read next. */
  ahead(customerId: string): void {
    void this.company();
    void this.customersById(customerId);
  }

  /** The buyer as the order has it. */
  async forOrder(order: SalesOrderSummary): Promise<DocumentParties> {
    const [{ seller, paymentTermsDays }, customer] = await Promise.all([
      this.seller(),
      this.customer(order.customerId),
    ]);
    const address = order.billingAddress ?? customer.billingAddress;
    const buyer = party(order.customerName, customer.number, address, customer.taxNumber, order.customerEmail);
    return { seller, buyer, paymentTermsDays };
  }

  /** The buyer as the customer is now. */
  async forCustomer(customerId: string): Promise<DocumentParties> {
    const [{ seller, paymentTermsDays }, customer] = await Promise.all([this.seller(), this.customer(customerId)]);
    const { name, number, billingAddress, taxNumber, email } = customer;
    return { seller, buyer: party(name, number, billingAddress, taxNumber, email), paymentTermsDays };
  }

  private async seller(): Promise<{ seller: DocumentParty; paymentTermsDays: number }> {
    const company = await this.company();
    const {
      legalName: name,
      addressLines,
      country,
      taxNumber,
      email,
      invoiceFooter: footer,
      paymentTermsDays,
    } = company;
    return { seller: { name, number: null, addressLines, country, taxNumber, email, footer }, paymentTermsDays };
  }

  private company(): Promise<CompanyDetails> {
    return this.unitOfWork.once('company of documents', () => this.companies.current());
  }

  private customersById(id: string): Promise<ReadonlyMap<string, CustomerFacts>> {
    return this.unitOfWork.once(`customer of documents ${id}`, () => this.customers.byIds([id]));
  }

  private async customer(id: string): Promise<CustomerFacts> {
    const customer = (await this.customersById(id)).get(id);
    if (!customer) throw new Error(`customer ${id} is gone: a foreign key should have kept it`);
    return customer;
  }
}

function party(
  name: string,
  number: string,
  address: PostalLines,
  taxNumber: string | null,
  email: string | null,
): DocumentParty {
  const place = [address.postalCode, address.city].filter(Boolean).join(' ');
  const lines = [address.line1, address.line2, place, address.region].filter((line): line is string => Boolean(line));
  return { name, number, addressLines: lines, country: address.country, taxNumber, email, footer: null };
}
