import type { NewWarehouse } from '../warehouses/create-warehouse.js';

/** A warehouse of the demo company, and how much of each product it starts with: `least` and up to `spread` more. */
export interface DemoWarehouse extends NewWarehouse {
  readonly stock: { readonly least: number; readonly spread: number };
}

/** The three warehouses of the demo company. */
export const demoWarehouses: readonly DemoWarehouse[] = [
  {
    code: 'LONDON',
    name: 'London, Park Royal',
    address: { line1: 'Unit 4, 12 Minerva Road', city: 'London', postalCode: 'NW10 6HJ', country: 'GB' },
    stock: { least: 120, spread: 240 },
  },
  {
    code: 'LEEDS',
    name: 'Leeds, Cross Green',
    address: { line1: '7 Cross Green Way', city: 'Leeds', postalCode: 'LS9 0SE', country: 'GB' },
    stock: { least: 40, spread: 90 },
  },
  {
    code: 'BRISTOL',
    name: 'Bristol, Avonmouth',
    address: { line1: '31 Poplar Way West', city: 'Bristol', postalCode: 'BS11 0YW', country: 'GB' },
    stock: { least: 10, spread: 40 },
  },
];
