import { Injectable } from '@nestjs/common';
import type { FindOptionsWhere } from 'typeorm';
import { UnitOfWork } from '#libs/database';
import type { Page, TaxMode } from '#libs/kernel';
import type { LineQuantities } from './line-quantities.js';
import type { PostalAddress } from './postal-address.js';
import type { SalesOrder } from './sales-order.entity.js';
import type { SalesOrderStatus } from './sales-order.status.js';
import { SalesOrdersRepository } from './sales-orders.repository.js';

/** The head of an order. Amounts in minor units, dates are the tenant's local ones. */
export interface SalesOrderSummary {
  readonly id: string;
  readonly number: string;
  readonly externalRef: string | null;
  readonly status: SalesOrderStatus;
  readonly customerId: string;
  readonly customerName: string;
  readonly customerEmail: string | null;
  readonly warehouseId: string;
  readonly currency: string;
  readonly priceMode: TaxMode;
  readonly orderedOn: string;
  readonly confirmedAt: Date | null;
  readonly netMinor: bigint;
  readonly taxMinor: bigint;
  readonly totalMinor: bigint;
  readonly billingAddress: PostalAddress | null;
  readonly shippingAddress: PostalAddress | null;
  readonly note: string | null;
  readonly version: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** A line as it was agreed, and what happened to it since. */
export interface SalesOrderLineDetails extends LineQuantities {
  readonly id: string;
  readonly lineNo: number;
  readonly productId: string | null;
  readonly sku: string;
  readonly name: string;
  readonly unitPriceE4: bigint;
  readonly taxCode: string;
  readonly taxRatePpm: number;
  /** Price × ordered, in the order's price mode. */
  readonly amountMinor: bigint;
}

/** An order with all its lines, by number. */
export interface SalesOrderDetails extends SalesOrderSummary {
  readonly lines: readonly SalesOrderLineDetails[];
}

/** Which orders; what is left out does not matter. */
export interface SalesOrderFilter {
  readonly status?: SalesOrderStatus | undefined;
  readonly customerId?: string | undefined;
  readonly externalRef?: string | undefined;
  readonly number?: string | undefined;
}

/** Where in the list. */
export interface PagePosition {
  /** 1–200. */
  readonly limit: number;
  readonly cursor?: string | undefined;
}

/** Reads of orders, for screens and other capabilities. */
@Injectable()
export class SalesOrderQueries {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly orders: SalesOrdersRepository,
  ) {}

  /** Inside the unit of work that has just written the order, it is not read again. @throws SalesOrderNotFound */
  async get(id: string): Promise<SalesOrderDetails> {
    return this.unitOfWork.read(async () => this.orders.heldWhole(id) ?? (await this.orders.getWhole(id)));
  }

  /** By id, without lines; unknown ids are missing from the map. */
  async byIds(ids: readonly string[]): Promise<Map<string, SalesOrderSummary>> {
    const found = await this.unitOfWork.read(() => this.orders.findByIds(ids));
    return new Map(found.map((order) => [order.id, order]));
  }

  /** The order that came from a source document, or null. */
  async byExternalRef(externalRef: string): Promise<SalesOrderSummary | null> {
    return this.unitOfWork.read(() => this.orders.findOne({ externalRef }));
  }

  /** Newest first. @throws InvalidCursor */
  async page(filter: SalesOrderFilter, { limit, cursor }: PagePosition): Promise<Page<SalesOrderSummary>> {
    const given = Object.entries(filter).filter(([, value]) => value !== undefined);
    const where = Object.fromEntries(given) as FindOptionsWhere<SalesOrder>;
    return this.unitOfWork.read(() => this.orders.page({ limit, cursor, where }));
  }
}
