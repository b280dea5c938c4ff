/** The catalogue page of 20 products as one statement: the rows that the api's page is made of. $1 = tenant. */
export const PAGE_SQL = `
  select p.slug, p.sku, p.name, p.description, p.kind, c.slug as category_slug, c.name as category_name,
    p.price_e4, p.tax_rate_ppm, p.search_text, p.id
  from product p left join category c on c.tenant_id = p.tenant_id and c.id = p.category_id
  where p.tenant_id = $1 and p.status = 'active'
  order by p.search_text, p.id limit 21`;
