import type { NewProduct } from '../products/create-products.js';
import { slugOf } from '../slugs.js';
import { demoServices, demoShelves, type Shelf, type Thing } from './demo-shelves.js';
import { SeededChoices } from './seeded-choices.js';

/** A category of the demo company. */
export interface DemoCategory {
  readonly name: string;
  readonly slug: string;
  /** Null for a department. Departments come before what is in them. */
  readonly parentSlug: string | null;
  readonly position: number;
}

/** A product of the demo company, and where it stands. */
export type DemoProduct = Omit<NewProduct, 'categoryId'> & { readonly categorySlug: string };

/** All that the demo company sells. */
export interface DemoCatalogue {
  readonly categories: readonly DemoCategory[];
  readonly products: readonly DemoProduct[];
}

const PER_SHELF = 15;
const FIRST_NUMBER = 1001;
const SERVICES = 'Services';
const RATES_PPM = { standard: 200_000, zero: 0 } as const;
const PENNY_E4 = 100;
const PRICE_ENDINGS = [0, 25, 50, 75, 95, 99] as const;

/** The catalogue of the demo company: 225 goods and 5 services in 21 categories. The same in every run. */
export function demoCatalogue(): DemoCatalogue {
  return { categories: demoCategories(), products: [...demoShelves.flatMap(productsOn), ...services()] };
}

function demoCategories(): DemoCategory[] {
  const departments = [...new Set(demoShelves.map((shelf) => shelf.department)), SERVICES];
  const tops = departments.map((name, index) => ({ name, slug: slugOf(name), parentSlug: null, position: index + 1 }));
  const shelves = demoShelves.map((shelf, index) => ({
    name: shelf.name,
    slug: slugOf(shelf.name),
    parentSlug: slugOf(shelf.department),
    position: departments.length + index + 1,
  }));
  return [...tops, ...shelves];
}

function productsOn(shelf: Shelf): DemoProduct[] {
  const choices = new SeededChoices(shelf.code);
  const all = shelf.things.flatMap((thing) => shelf.styles.map((style) => ({ style, thing })));
  return choices.some(all, PER_SHELF).map(({ style, thing }, index) => ({
    sku: `${shelf.code}-${FIRST_NUMBER + index}`,
    name: `${style} ${thing[0]}`,
    description: thing[3],
    kind: 'goods',
    categorySlug: slugOf(shelf.name),
    priceE4: BigInt(shelf.byThePiece ? finePriceE4(thing, choices) : priceE4(thing, choices)),
    taxCode: shelf.tax,
    taxRatePpm: RATES_PPM[shelf.tax],
  }));
}

/** Within the thing's range, with an ending that a shop would choose. */
function priceE4([, low, high]: Thing, choices: SeededChoices): number {
  const candidates: number[] = [];
  for (let pound = 0; pound <= high; pound += 100) {
    candidates.push(...PRICE_ENDINGS.map((ending) => pound + ending).filter((pence) => pence >= low && pence <= high));
  }
  return (candidates[choices.below(candidates.length)] ?? high) * PENNY_E4;
}

/** Within the thing's range, to a quarter of a penny. */
function finePriceE4([, low, high]: Thing, choices: SeededChoices): number {
  const quarter = PENNY_E4 / 4;
  return low * PENNY_E4 + choices.below((high - low) * 4 + 1) * quarter;
}

function services(): DemoProduct[] {
  return demoServices.map(([name, pence, , description], index) => ({
    sku: `SVC-${FIRST_NUMBER + index}`,
    name,
    description,
    kind: 'service',
    categorySlug: slugOf(SERVICES),
    priceE4: BigInt(pence * PENNY_E4),
    taxCode: 'standard',
    taxRatePpm: RATES_PPM.standard,
  }));
}
