/**
 * Ids of the bench's data follow from numbers, so that the load generator and pgbench know them without looking anything up.
 * They read like UUIDs of version 7 from the year 1970: whatever the api makes is newer.
 */
const hex = (value, digits) => value.toString(16).padStart(digits, '0');

const id = (tenant, kind, number) => `${hex(tenant, 8)}-${hex(kind, 4)}-7000-8000-${hex(number, 12)}`;

/** Numbers of tenants, products, customers and orders begin at 1. */
export const tenantId = (tenant) => id(tenant, 0, 0);
export const productId = (tenant, number) => id(tenant, 1, number);
export const customerId = (tenant, number) => id(tenant, 2, number);
export const warehouseId = (tenant) => id(tenant, 3, 1);
export const categoryId = (tenant, number) => id(tenant, 4, number);
export const stockLevelId = (tenant, number) => id(tenant, 5, number);
export const orderId = (tenant, number) => id(tenant, 6, number);
export const orderLineId = (tenant, order, line) => id(tenant, 7, order * 8 + line);
export const slugOf = (tenant) => `bench-${tenant}`;

/** The same in SQL, from an expression that gives the tenant's number. */
export const idSql = (tenant, kind, number) =>
  `(lpad(to_hex(${tenant}), 8, '0') || '-${hex(kind, 4)}-7000-8000-' || lpad(to_hex(${number}), 12, '0'))::uuid`;
