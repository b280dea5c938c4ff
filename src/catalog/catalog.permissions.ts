/** Permissions of the catalogue. */
export const CATALOG_READ = 'catalog.read';
export const CATALOG_WRITE = 'catalog.write';
