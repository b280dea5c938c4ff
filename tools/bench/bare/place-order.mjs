import { join } from 'node:path';
import { DEFAULT_NAMES } from '../../stack/bootstrap-sql.mjs';
import { run } from '../../stack/processes.mjs';
import { UserFault } from '../../stack/progress.mjs';
import { idSql } from '../data/ids.mjs';

const ID_FUNCTIONS = `
  create or replace function bench.id_now() returns uuid language sql volatile as $$
    select (lpad(to_hex((extract(epoch from clock_timestamp()) * 1000)::bigint), 12, '0')
      || substr(replace(gen_random_uuid()::text, '-', ''), 13))::uuid $$;
  create or replace function bench.tenant_id(n integer) returns uuid language sql immutable as
    $$ select ${idSql('n', 0, '0')} $$;
  create or replace function bench.product_id(n integer, i integer) returns uuid language sql immutable as
    $$ select ${idSql('n', 1, 'i')} $$;
  create or replace function bench.customer_id(n integer, i integer) returns uuid language sql immutable as
    $$ select ${idSql('n', 2, 'i')} $$;
  create or replace function bench.warehouse_id(n integer) returns uuid language sql immutable as
    $$ select ${idSql('n', 3, '1')} $$`;

/**
 * One order of three lines, written by the database alone: who buys and what is looked up, stock is taken only where there is
 * some, the number has no gap, event, deliveries and the idempotency key are written; the same tables, indexes, constraints
 * and policies as the api's order. The deliveries are those of the order that the api wrote for the template.
 */
const PLACE_ORDER = `
  create or replace function bench.place_order(tenant_no integer, products integer, customers integer, deliveries jsonb)
  returns uuid language plpgsql volatile as $$
  declare
    t uuid := bench.tenant_id(tenant_no);
    w uuid := bench.warehouse_id(tenant_no);
    new_id uuid := bench.id_now();
    new_event uuid := bench.id_now();
    buyer_id uuid := bench.customer_id(tenant_no, 1 + floor(random() * customers)::integer);
    first integer := floor(random() * products)::integer;
    wanted uuid[];
    buyer record;
    reserved_count integer;
    net bigint;
    next_number bigint;
  begin
    perform set_config('app.tenant_id', t::text, true);
    select array_agg(bench.product_id(tenant_no, 1 + (first + step * (products / 3)) % products)) into wanted
    from generate_series(0, 2) step;
    select c.id, c.name, c.email, c.billing_address, c.shipping_address into strict buyer from customer c
    where c.tenant_id = t and c.id = buyer_id and c.status = 'active';
    perform from warehouse where tenant_id = t and id = w and status = 'active';
    if not found then raise exception 'no warehouse'; end if;
    select sum((price_e4 * 2) / 100) into strict net from product
    where tenant_id = t and id = any (wanted) and status = 'active';

    update stock_level s set reserved = s.reserved + 2
    from (select l.id from stock_level l
      where l.tenant_id = t and l.warehouse_id = w and l.product_id = any (wanted) order by l.product_id for update) locked
    where s.tenant_id = t and s.id = locked.id and s.on_hand - s.reserved >= 2;
    get diagnostics reserved_count = row_count;
    if reserved_count <> 3 then raise exception 'out of stock'; end if;

    insert into number_series as s (tenant_id, id, series, year, last)
    values (t, bench.id_now(), 'sales_order', extract(year from now())::integer, 1)
    on conflict (tenant_id, series, year) do update set last = s.last + 1 returning last into next_number;

    insert into sales_order (tenant_id, id, number, customer_id, warehouse_id, status, currency, price_mode, ordered_on,
      confirmed_at, reservation_attempted_at, net_minor, tax_minor, total_minor, customer_name, customer_email,
      billing_address, shipping_address)
    values (t, new_id, 'SO-' || extract(year from now()) || '-' || lpad(next_number::text, 6, '0'), buyer.id, w, 'reserved',
      'GBP', 'net', current_date, now(), now(), net, net / 5, net + net / 5, buyer.name, buyer.email,
      buyer.billing_address, buyer.shipping_address);
    insert into sales_order_line (tenant_id, id, order_id, line_no, product_id, kind, sku, name, unit_price_e4, tax_code,
      tax_rate_ppm, amount_minor, ordered, reserved)
    select t, bench.id_now(), new_id, array_position(wanted, p.id), p.id, p.kind, p.sku, p.name, p.price_e4, p.tax_code,
      p.tax_rate_ppm, p.price_e4 * 2 / 100, 2, 2
    from product p where p.tenant_id = t and p.id = any (wanted);

    insert into platform.aggregate_sequence (tenant_id, aggregate_type, aggregate_id, last)
    values (t, 'sales_order', new_id, 1);
    insert into platform.outbox_event (tenant_id, id, type, aggregate_type, aggregate_id, sequence, payload, occurred_at,
      correlation_id)
    values (t, new_event, 'sales.order.confirmed', 'sales_order', new_id, 1,
      jsonb_build_object('orderId', new_id, 'customerId', buyer.id, 'warehouseId', w), now(), 'bench');
    insert into platform.delivery (tenant_id, id, event_id, consumer, queue, aggregate_type, aggregate_id, sequence,
      correlation_id)
    select t, bench.id_now(), new_event, d ->> 'consumer', d ->> 'queue', 'sales_order', new_id, 1, 'bench'
    from jsonb_array_elements(deliveries) d;
    insert into platform.idempotency_key (tenant_id, id, principal, route, key, body_hash, response_status, response_headers,
      response_body, response_kept, expires_at)
    values (t, bench.id_now(), 'user:bench', 'POST /v1/sales-orders', new_id::text, 'bench.' || repeat('0', 64), 201, '{}',
      repeat('x', 1500), true, now() + interval '25 hours');
    return new_id;
  end $$`;

const DELIVERIES = `
  select coalesce(json_agg(json_build_object('consumer', d.consumer, 'queue', d.queue)), '[]') as deliveries
  from platform.delivery d join platform.outbox_event e on e.tenant_id = d.tenant_id and e.id = d.event_id
  where e.type = 'sales.order.confirmed' and e.tenant_id = (select (value #>> '{}')::uuid from bench.pattern where name = 'template')`;

/** Makes the function. @param {pg.Client} client the superuser's @returns {Promise<string>} a call of it, for tenant :tenant */
export async function createPlaceOrder(client, { products, customers }) {
  await client.query('create schema if not exists bench');
  await client.query(ID_FUNCTIONS);
  await client.query(PLACE_ORDER);
  await client.query(`grant usage on schema bench to ${DEFAULT_NAMES.app}`);
  const { rows } = await client.query(DELIVERIES);
  const deliveries = JSON.stringify(rows[0].deliveries).replaceAll("'", "''");
  return `select bench.place_order(:tenant, ${products}, ${customers}, '${deliveries}');`;
}

/**
 * Runs pgbench with a script as the application's role: each transaction is one call, one round trip and one durable commit.
 * @returns {Promise<{ rate: number }>} transactions per second
 */
export async function runPgbench({ stack, file, clients, seconds }) {
  const { primary, secrets } = stack;
  const login = ['-h', '127.0.0.1', '-p', String(primary.port), '-U', DEFAULT_NAMES.app];
  const load = ['-n', '-M', 'prepared', '-c', String(clients), '-j', '1', '-T', String(seconds), '-f', file];
  const { code, stdout, stderr } = await run(
    join(primary.bin, 'pgbench'),
    [...login, ...load, DEFAULT_NAMES.tenantDatabase],
    {
      cwd: '/',
      env: { PATH: process.env.PATH, PGPASSWORD: secrets.app, LC_ALL: 'C' },
    },
  );
  return { rate: transactionRate(code, stdout, stderr) };
}

/** Reads pgbench's report. @throws {UserFault} when it failed, or when a transaction did */
export function transactionRate(code, stdout, stderr) {
  const rate = Number(/^tps = ([\d.]+)/m.exec(stdout)?.[1]);
  const failed = /number of failed transactions: ([1-9]\d*)/.exec(stdout)?.[1];
  if (code === 0 && failed === undefined && rate > 0) return rate;
  throw new UserFault(`pgbench failed: ${(stderr.trim() || stdout.trim()).slice(-800)}`);
}
