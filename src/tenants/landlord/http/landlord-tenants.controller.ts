import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Answers, OperatorOnly, OwnUnitsOfWork, Refuses } from '#libs/http';
import { MovedAlready, MoveUnderWay, NoPlaceForTenant, TenantUnknown } from '#libs/tenancy';
import { ProvisionTenant } from '../../sign-up/provision-tenant.js';
import {
  PasswordWidelyUsed,
  PasswordTooShort,
  SignUpExpired,
  SlugNotAllowed,
  SlugTaken,
} from '../../sign-up/sign-up.errors.js';
import { TenantNotOpen } from '../landlord-tenant.errors.js';
import { LandlordTenants } from '../landlord-tenant.queries.js';
import { MoveTenant } from '../move-tenant.js';
import { SuspendTenant } from '../suspend-tenant.js';
import {
  landlordTenantSchema,
  landlordTenantsSchema,
  moveSchema,
  movesSchema,
  type NewMoveBody,
  newMoveSchema,
  type NewTenantBody,
  newTenantSchema,
  presentLandlordTenant,
  presentMove,
  slugSchema,
  type SuspensionBody,
  suspensionSchema,
  type TenantsQuery,
  tenantsQuerySchema,
  wishesOf,
} from './landlord-tenant.schemas.js';

const Slug = () => Param('slug', { schema: slugSchema });

/** The tenants of this installation, for its operators. */
@ApiTags('Landlord')
@OperatorOnly()
@OwnUnitsOfWork(
  'landlord work: it is of no tenant, and moves take longer than any transaction',
  'The slug is the key: a tenant is made, suspended, resumed or moved to a place once, and the same again is refused or changes nothing.',
)
@Controller({ path: 'landlord/tenants', version: '1' })
export class LandlordTenantsController {
  constructor(
    private readonly tenants: LandlordTenants,
    private readonly provision: ProvisionTenant,
    private readonly suspending: SuspendTenant,
    private readonly moving: MoveTenant,
  ) {}

  /** In the order of their slugs. */
  @Get()
  @Answers(200, landlordTenantsSchema)
  async list(@Query({ schema: tenantsQuerySchema }) query: TenantsQuery) {
    const { items, nextCursor } = await this.tenants.list(query);
    return { items: items.map(presentLandlordTenant), nextCursor };
  }

  /** Makes a tenant, where it is said or where the installation puts it. One with a place of its own is opened by a worker. */
  @Post()
  @Answers(201, landlordTenantSchema)
  @Refuses(SlugTaken, SlugNotAllowed, PasswordTooShort, PasswordWidelyUsed, SignUpExpired, NoPlaceForTenant)
  async create(@Body({ schema: newTenantSchema }) { placement, ...tenant }: NewTenantBody) {
    const { slug } = await this.provision.execute(tenant, wishesOf(placement));
    return presentLandlordTenant(await this.tenants.bySlug(slug));
  }

  /** One tenant. */
  @Get(':slug')
  @Answers(200, landlordTenantSchema)
  @Refuses(TenantUnknown)
  async show(@Slug() slug: string) {
    return presentLandlordTenant(await this.tenants.bySlug(slug));
  }

  /** Stops serving a tenant; every process knows within two seconds. Its data stay as they are. */
  @Post(':slug/suspension')
  @HttpCode(200)
  @Answers(200, landlordTenantSchema)
  @Refuses(TenantUnknown, TenantNotOpen)
  async suspend(@Slug() slug: string, @Body({ schema: suspensionSchema }) { reason }: SuspensionBody) {
    return presentLandlordTenant(await this.suspending.suspend(slug, reason));
  }

  /** Serves a suspended tenant again. */
  @Delete(':slug/suspension')
  @HttpCode(200)
  @Answers(200, landlordTenantSchema)
  @Refuses(TenantUnknown, TenantNotOpen)
  async resume(@Slug() slug: string) {
    return presentLandlordTenant(await this.suspending.resume(slug));
  }

  /**
   * Moves a tenant to another cluster, database or isolation model. Done by a worker that has the owner's login, or by `quoin
   * tenants move --continue`; while it copies, writes of the tenant are refused with 503.
   */
  @Post(':slug/moves')
  @HttpCode(202)
  @Answers(202, moveSchema)
  @Refuses(TenantUnknown, TenantNotOpen, NoPlaceForTenant, MovedAlready, MoveUnderWay)
  async move(@Slug() slug: string, @Body({ schema: newMoveSchema }) body: NewMoveBody) {
    return presentMove(await this.moving.plan(slug, wishesOf(body)));
  }

  /** The moves of a tenant, newest first. */
  @Get(':slug/moves')
  @Answers(200, movesSchema)
  @Refuses(TenantUnknown)
  async moves(@Slug() slug: string) {
    return { items: (await this.moving.of(slug)).map(presentMove) };
  }
}
