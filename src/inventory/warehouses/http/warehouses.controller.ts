import { Body, Controller, Get, Patch, Post, Query, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { z } from 'zod';
import { ConcurrentModification } from '#libs/database';
import {
  Answers,
  IdParam,
  IfMatch,
  PreconditionFailed,
  Refuses,
  RequiresPermission,
  requireVersion,
  setETag,
} from '#libs/http';
import { InvalidCursor } from '#libs/kernel';
import { INVENTORY_READ, INVENTORY_WRITE } from '../../inventory.permissions.js';
import { CreateWarehouse } from '../create-warehouse.js';
import { UpdateWarehouse } from '../update-warehouse.js';
import { WarehouseCodeTaken, WarehouseNotFound } from '../warehouse.errors.js';
import { WarehouseQueries } from '../warehouse.queries.js';
import {
  newWarehouseSchema,
  presentWarehouse,
  warehouseChangeSchema,
  warehouseListQuery,
  warehousePageSchema,
  warehouseSchema,
} from './warehouse.schemas.js';

/** Places that hold stock. */
@ApiTags('Inventory')
@Controller({ path: 'warehouses', version: '1' })
export class WarehousesController {
  constructor(
    private readonly queries: WarehouseQueries,
    private readonly createWarehouse: CreateWarehouse,
    private readonly updateWarehouse: UpdateWarehouse,
  ) {}

  /** Warehouses by code. */
  @Get()
  @RequiresPermission(INVENTORY_READ)
  @Answers(200, warehousePageSchema)
  @Refuses(InvalidCursor)
  async list(@Query({ schema: warehouseListQuery }) query: z.output<typeof warehouseListQuery>) {
    const { limit, cursor, ...where } = query;
    const page = await this.queries.page({ limit, cursor, where, orderBy: { column: 'code', direction: 'ASC' } });
    return { items: page.items.map(presentWarehouse), nextCursor: page.nextCursor };
  }

  /** One warehouse. */
  @Get(':id')
  @RequiresPermission(INVENTORY_READ)
  @Answers(200, warehouseSchema)
  @Refuses(WarehouseNotFound)
  async get(@IdParam() id: string, @Res({ passthrough: true }) reply: FastifyReply) {
    const warehouse = await this.queries.get(id);
    setETag(reply, warehouse.version);
    return presentWarehouse(warehouse);
  }

  /** Opens a warehouse. */
  @Post()
  @RequiresPermission(INVENTORY_WRITE)
  @Answers(201, warehouseSchema)
  @Refuses(WarehouseCodeTaken)
  async create(
    @Body({ schema: newWarehouseSchema }) body: z.output<typeof newWarehouseSchema>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const warehouse = await this.createWarehouse.execute(body);
    setETag(reply, warehouse.version);
    return presentWarehouse(warehouse);
  }

  /** Renames, moves, archives or reopens a warehouse. */
  @Patch(':id')
  @RequiresPermission(INVENTORY_WRITE)
  @Answers(200, warehouseSchema)
  @Refuses(WarehouseNotFound, WarehouseCodeTaken, PreconditionFailed, ConcurrentModification)
  async change(
    @IdParam() id: string,
    @IfMatch() expected: number | undefined,
    @Body({ schema: warehouseChangeSchema }) body: z.output<typeof warehouseChangeSchema>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const warehouse = await this.updateWarehouse.execute(id, body, (current) =>
      requireVersion(current.version, expected),
    );
    setETag(reply, warehouse.version);
    return presentWarehouse(warehouse);
  }
}
