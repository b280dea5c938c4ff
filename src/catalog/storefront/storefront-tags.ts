/** On every page that lists products, and on the list of categories. */
const LISTS = 'catalog.lists';
const CATEGORIES = 'catalog.categories';

/** Tags of what is cached of the storefront: whoever changes what it shows flushes them. */
export const storefrontTags = {
  /** A page of products, searched or not: any product or category may come onto it. */
  productList: [LISTS],
  /** One product names its category. */
  product: (slug: string): string[] => [productTag(slug), CATEGORIES],
  categoryList: [CATEGORIES],

  /** Outdated by new products. Their own pages were not there: what is missing is not cached. */
  ofNewProducts: [LISTS],
  /** Outdated by a change of a product, which may have had another slug before. */
  ofChangedProduct: (...slugs: readonly string[]): string[] => [LISTS, ...new Set(slugs.map(productTag))],
  /** Outdated by a change in the tree of categories. */
  ofChangedCategories: [LISTS, CATEGORIES],
} as const;

function productTag(slug: string): string {
  return `catalog.product:${slug}`;
}
