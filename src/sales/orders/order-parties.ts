import { Injectable } from '@nestjs/common';
import { type ProductFacts, ProductQueries } from '#erp/catalog';
import { type CustomerFacts, CustomerQueries } from '#erp/customers';
import { WarehouseQueries } from '#erp/inventory';
import { DomainError } from '#libs/kernel';
import {
  SalesOrderCustomerArchived,
  SalesOrderCustomerUnknown,
  SalesOrderProductArchived,
  SalesOrderProductUnknown,
  SalesOrderWarehouseArchived,
  SalesOrderWarehouseUnknown,
} from './order-parties.errors.js';

/** Whom and what an order names. */
export interface OrderPartiesInput {
  readonly customerId: string;
  readonly warehouseId: string;
  /** Undefined and null stand for lines without a product. */
  readonly productIds: readonly (string | null | undefined)[];
}

/** Who buys, and what of the catalogue. */
export interface OrderParties {
  readonly customer: CustomerFacts;
  readonly products: ReadonlyMap<string, ProductFacts>;
}

/** Finds what an order names, in one round trip, and refuses what cannot be sold, to whom, or from where. */
@Injectable()
export class OrderPartiesFinder {
  constructor(
    private readonly customers: CustomerQueries,
    private readonly products: ProductQueries,
    private readonly warehouses: WarehouseQueries,
  ) {}

  /**
   * @throws SalesOrderCustomerUnknown, SalesOrderCustomerArchived, SalesOrderProductUnknown, SalesOrderProductArchived,
   * SalesOrderWarehouseUnknown, SalesOrderWarehouseArchived
   */
  async find(input: OrderPartiesInput): Promise<OrderParties> {
    const productIds = [...new Set(input.productIds.filter((id) => typeof id === 'string'))];
    const [customers, products] = await Promise.all([
      this.customers.byIds([input.customerId]),
      this.products.byIds(productIds),
      this.requireWarehouse(input.warehouseId),
    ]);
    requireSellable(productIds, products);
    return { customer: requireCustomer(input.customerId, customers), products };
  }

  private async requireWarehouse(id: string): Promise<void> {
    try {
      await this.warehouses.getActive(id);
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      if (error.kind === 'not_found') throw new SalesOrderWarehouseUnknown(id);
      throw new SalesOrderWarehouseArchived(id);
    }
  }
}

function requireCustomer(id: string, customers: ReadonlyMap<string, CustomerFacts>): CustomerFacts {
  const customer = customers.get(id);
  if (!customer) throw new SalesOrderCustomerUnknown(id);
  if (customer.status !== 'active') throw new SalesOrderCustomerArchived(id);
  return customer;
}

function requireSellable(ids: readonly string[], products: ReadonlyMap<string, ProductFacts>): void {
  const unknown = ids.filter((id) => !products.has(id));
  if (unknown.length > 0) throw new SalesOrderProductUnknown(unknown);
  const archived = [...products.values()].filter((product) => product.status !== 'active');
  if (archived.length > 0) throw new SalesOrderProductArchived(archived.map((product) => product.sku));
}
