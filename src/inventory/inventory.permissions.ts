/** Permissions of inventory. */
export const INVENTORY_READ = 'inventory.read';
export const INVENTORY_WRITE = 'inventory.write';
