import { Body, Controller, Get, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { Answers, IdParam, pageQuery, Refuses, RequiresPermission } from '#libs/http';
import { InvalidCursor } from '#libs/kernel';
import {
  SalesOrderLineNotFound,
  SalesOrderLineRepeated,
  SalesOrderNotFound,
  SalesOrderNotShippable,
  SalesOrderQuantityExceeded,
} from '../../orders/sales-order.errors.js';
import { SalesShipmentQueries } from '../sales-shipment.queries.js';
import { ShipSalesOrder } from '../ship-sales-order.js';
import { newShipmentSchema, presentShipment, shipmentPageSchema, shipmentSchema } from './sales-shipment.schemas.js';

const listQuery = pageQuery({});

/** What left for the customer of an order. */
@ApiTags('Sales orders')
@Controller({ path: 'sales-orders/:id/shipments', version: '1' })
export class SalesShipmentsController {
  constructor(
    private readonly queries: SalesShipmentQueries,
    private readonly shipSalesOrder: ShipSalesOrder,
  ) {}

  /** The shipments of an order, first one first. */
  @Get()
  @RequiresPermission('sales.order.read')
  @Answers(200, shipmentPageSchema)
  @Refuses(SalesOrderNotFound, InvalidCursor)
  async list(@IdParam() id: string, @Query({ schema: listQuery }) query: z.output<typeof listQuery>) {
    const page = await this.queries.pageOfOrder(id, query);
    return { items: page.items.map(presentShipment), nextCursor: page.nextCursor };
  }

  /** Ships reserved goods; open services leave with the last goods. */
  @Post()
  @RequiresPermission('sales.shipment.write')
  @Answers(201, shipmentSchema)
  @Refuses(
    SalesOrderNotFound,
    SalesOrderNotShippable,
    SalesOrderQuantityExceeded,
    SalesOrderLineNotFound,
    SalesOrderLineRepeated,
  )
  async post(@IdParam() id: string, @Body({ schema: newShipmentSchema }) body: z.output<typeof newShipmentSchema>) {
    return presentShipment(await this.shipSalesOrder.execute({ orderId: id, lines: body.lines }));
  }
}
