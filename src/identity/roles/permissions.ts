/** What can be permitted, with what it means to a person. Routes name these; test/architecture compares. */
export const PERMISSIONS = {
  'tenant.manage': 'Change settings of the tenant',
  'user.read': 'See users',
  'user.write': 'Add, change and disable users',
  'role.read': 'See roles and permissions',
  'role.write': 'Add, change and remove roles',
  'identity_provider.read': 'See the identity providers that people may sign in by',
  'identity_provider.write': 'Set up identity providers; takes all other permissions too',
  'api_key.write': 'Make API keys of one’s own',
  'api_key.manage': 'See and revoke everybody’s API keys',
  'company.read': 'See the company’s details',
  'company.write': 'Change the company’s details',
  'catalog.read': 'See products and categories, archived ones included',
  'catalog.write': 'Change products and categories',
  'customer.read': 'See customers',
  'customer.write': 'Change customers',
  'inventory.read': 'See warehouses, stock and its movements',
  'inventory.write': 'Receive and adjust stock, change warehouses',
  'sales.order.read': 'See sales orders',
  'sales.order.write': 'Enter and change draft orders',
  'sales.order.confirm': 'Confirm sales orders',
  'sales.order.cancel': 'Cancel sales orders, wholly or in part',
  'sales.shipment.write': 'Ship sales orders',
  'payment.read': 'See payments and refunds',
  'payment.write': 'Take payments',
  'payment.refund': 'Refund payments',
  'invoice.read': 'See invoices and credit notes',
  'credit_note.write': 'Issue credit notes',
  'accounting.read': 'See accounts, journal and trial balance',
  'accounting.write': 'Change accounts, post journal entries',
} as const satisfies Record<string, string>;

/** A name of the catalogue. */
export type Permission = keyof typeof PERMISSIONS;

/** All names, in the order of the catalogue. */
export const PERMISSION_NAMES = Object.keys(PERMISSIONS) as Permission[];

/** Whether the catalogue has this name. */
export function isPermission(name: string): name is Permission {
  return Object.hasOwn(PERMISSIONS, name);
}

/** The roles that a new tenant starts with, besides the owner's. They may be changed like any other. */
export const FIRST_ROLES: Readonly<Record<string, readonly Permission[]>> = {
  sales: [
    'company.read',
    'catalog.read',
    'customer.read',
    'customer.write',
    'inventory.read',
    'sales.order.read',
    'sales.order.write',
    'sales.order.confirm',
    'sales.order.cancel',
    'payment.read',
    'payment.write',
    'invoice.read',
  ],
  warehouse: ['catalog.read', 'inventory.read', 'inventory.write', 'sales.order.read', 'sales.shipment.write'],
  accountant: [
    'company.read',
    'catalog.read',
    'customer.read',
    'inventory.read',
    'sales.order.read',
    'payment.read',
    'payment.write',
    'payment.refund',
    'invoice.read',
    'credit_note.write',
    'accounting.read',
    'accounting.write',
  ],
  viewer: PERMISSION_NAMES.filter((name) => name.endsWith('.read') && !/^(user|role|identity_provider)\./.test(name)),
};
