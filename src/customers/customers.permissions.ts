/** Permissions of customers. */
export const CUSTOMER_READ = 'customer.read';
export const CUSTOMER_WRITE = 'customer.write';
