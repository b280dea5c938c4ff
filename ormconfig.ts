import { accountingSchema } from '#erp/accounting/schema';
import { catalogSchema } from '#erp/catalog/schema';
import { customersSchema } from '#erp/customers/schema';
import { identitySchema } from '#erp/identity/schema';
import { importsSchema } from '#erp/imports/schema';
import { inventorySchema } from '#erp/inventory/schema';
import { invoicingSchema } from '#erp/invoicing/schema';
import { notificationsSchema } from '#erp/notifications/schema';
import { paymentsSchema } from '#erp/payments/schema';
import { salesSchema } from '#erp/sales/schema';
import { tenantsSchema } from '#erp/tenants/schema';
import type { CapabilitySchema } from '#libs/database';
import { eventsSchema } from '#libs/events';
import { idempotencySchema } from '#libs/idempotency';
import { locksSchema } from '#libs/locks';
import { numberingSchema } from '#libs/numbering';
import { tenancySchema } from '#libs/tenancy';
import { throttlingSchema } from '#libs/throttling';

/** All tables of Quoin: what the platform and each capability bring into the landlord's and the tenants' databases. */
export const schemas: readonly CapabilitySchema[] = [
  tenancySchema,
  eventsSchema,
  idempotencySchema,
  locksSchema,
  numberingSchema,
  throttlingSchema,
  tenantsSchema,
  identitySchema,
  catalogSchema,
  customersSchema,
  inventorySchema,
  salesSchema,
  paymentsSchema,
  invoicingSchema,
  accountingSchema,
  notificationsSchema,
  importsSchema,
];
