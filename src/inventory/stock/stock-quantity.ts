import { QUANTITY_MAX } from '#libs/kernel';
import { StockDocumentSize, StockQuantityInvalid } from './stock.errors.js';

/** Lines that one transaction carries at most: an opening of a whole catalogue included. */
export const STOCK_LINES_MAX = 10_000;

/** A whole number of units from 1 to 1,000,000,000. @throws StockQuantityInvalid */
export function requireQuantity(quantity: number): void {
  if (quantity < 1) throw new StockQuantityInvalid(quantity);
  requireSignedQuantity(quantity);
}

/** Like {@link requireQuantity}, or as far below zero. @throws StockQuantityInvalid */
export function requireSignedQuantity(quantity: number): void {
  if (!Number.isInteger(quantity) || quantity === 0 || Math.abs(quantity) > QUANTITY_MAX) {
    throw new StockQuantityInvalid(quantity);
  }
}

/** @throws StockDocumentSize for a document without lines or with more than {@link STOCK_LINES_MAX} */
export function requireLines(lines: readonly unknown[]): void {
  if (lines.length === 0 || lines.length > STOCK_LINES_MAX) throw new StockDocumentSize(lines.length, STOCK_LINES_MAX);
}
