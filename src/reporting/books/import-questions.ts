import type { BooksQuestion } from './books-questions.js';

/** A source document has all its lines, and as many as what it became. */
export const importedDocuments: BooksQuestion = () => `
  select 'reporting.import.lines' as code, d.document as subject,
    'Source document ' || d.document || ' had ' || d.line_count || ' lines, ' || coalesce(s.lines, 0) || ' are kept'
      || coalesce(' and ' || e.lines || ' of ' || s.with_effect || ' are on its ' || d.effect, '') || '.' as message
  from imported_document d
  left join (
    select document_id, count(*) as lines, count(effect_line_id) as with_effect
    from imported_line where tenant_id = $1 group by document_id
  ) s on s.document_id = d.id
  left join (
    select 'invoice' as effect, invoice_id as id, count(*) as lines from invoice_line where tenant_id = $1 group by invoice_id
    union all
    select 'credit_note', credit_note_id, count(*) from credit_note_line where tenant_id = $1 group by credit_note_id
    union all
    select 'stock_adjustment', adjustment_id, count(*) from stock_adjustment_line where tenant_id = $1 group by adjustment_id
  ) e on e.effect = d.effect and e.id = d.effect_id
  where d.tenant_id = $1 and (d.line_count is distinct from s.lines
    or d.effect in ('invoice', 'credit_note', 'stock_adjustment') and e.lines is distinct from s.with_effect)`;

/** A source line is word for word on the line that it became. */
export const importedLines: BooksQuestion = () => `
  select 'reporting.import.line' as code, document || ' line ' || source_line as subject,
    'Line ' || source_line || ' of source document ' || document || ' is ' || quantity || ' × ' || sku || ' at '
      || unit_price_e4 * 0.0001 || '; in the books it is '
      || coalesce(book_quantity || ' × ' || book_sku || ' at ' || book_price_e4 * 0.0001, 'missing') || '.' as message
  from (
    select d.document, s.*, coalesce(i.quantity, -c.quantity, a.quantity) as book_quantity,
      coalesce(i.sku, c.sku, case when a.id is not null then s.sku end) as book_sku,
      coalesce(i.unit_price_e4, c.unit_price_e4, case when a.id is not null then 0 end) as book_price_e4
    from imported_line s
    join imported_document d on d.tenant_id = s.tenant_id and d.id = s.document_id
    left join invoice_line i on d.effect = 'invoice' and i.tenant_id = s.tenant_id and i.id = s.effect_line_id
      and i.invoice_id = d.effect_id
    left join credit_note_line c on d.effect = 'credit_note' and c.tenant_id = s.tenant_id and c.id = s.effect_line_id
      and c.credit_note_id = d.effect_id
    left join stock_adjustment_line a on d.effect = 'stock_adjustment' and a.tenant_id = s.tenant_id
      and a.id = s.effect_line_id and a.adjustment_id = d.effect_id
    where s.tenant_id = $1
      and (d.effect in ('invoice', 'credit_note') or d.effect = 'stock_adjustment' and s.effect_line_id is not null)
  ) line
  where (quantity, sku, unit_price_e4) is distinct from (book_quantity, book_sku, book_price_e4)`;
