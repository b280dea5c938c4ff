import { z } from 'zod';
import { currencySchema, instantSchema, pageOf, pageQuery, text, uuid } from '#libs/http';
import { MOVE_STEPS, type TenantMove } from '#libs/tenancy';
import { SLUG } from '../../sign-up/new-tenant.js';
import { signUpSchema } from '../../sign-up/http/sign-up.schemas.js';
import type { LandlordTenant } from '../landlord-tenant.queries.js';

const modelSchema = z
  .enum(['shared', 'schema', 'database'])
  .describe('How its data are kept apart from those of others');
const nameSchema = z.string().regex(/^[a-z][a-z0-9_-]{0,62}$/);
const statusSchema = z.enum(['provisioning', 'active', 'suspended']);

/** The path parameter. */
export const slugSchema = z.string().max(63).regex(SLUG);

/** Where a tenant is to live; what is left out is chosen, or stays as it is. */
const wishesShape = {
  isolation: modelSchema.optional(),
  cluster: nameSchema.optional().describe('A name of DB_CLUSTERS, or `default`'),
  database: nameSchema.optional().describe('A shared database of the cluster'),
};

/** Body of `POST /v1/landlord/tenants`. */
export const newTenantSchema = z
  .strictObject({ ...signUpSchema.shape, placement: z.strictObject(wishesShape).default({}) })
  .meta({ id: 'LandlordNewTenant' });

/** Body of `POST …/suspension`. */
export const suspensionSchema = z.strictObject({ reason: text({ max: 200 }) }).meta({ id: 'Suspension' });

/** Body of `POST …/moves`. */
export const newMoveSchema = z
  .strictObject(wishesShape)
  .refine((wishes) => Object.values(wishes).some((wish) => wish !== undefined), {
    message: 'Name at least one of isolation, cluster and database',
  })
  .meta({ id: 'NewTenantMove', example: { isolation: 'schema', cluster: 'default' } });

/** Query of the list. */
export const tenantsQuerySchema = pageQuery({ status: statusSchema.optional(), cluster: nameSchema.optional() });

const placementSchema = z
  .strictObject({ isolation: modelSchema, cluster: z.string(), database: z.string(), schema: z.string() })
  .meta({ id: 'Placement' });

/** A tenant as operators see it. */
export const landlordTenantSchema = z
  .strictObject({
    id: uuid,
    slug: z.string(),
    name: z.string(),
    currency: currencySchema,
    timeZone: z.string(),
    plan: z.string(),
    status: statusSchema,
    placement: placementSchema,
    placeVersion: z.string().nullable().describe('The last migration that its place is known to have'),
    createdAt: instantSchema,
  })
  .meta({ id: 'LandlordTenant' });

/** A page of tenants. */
export const landlordTenantsSchema = pageOf(landlordTenantSchema).meta({ id: 'LandlordTenants' });

/** A move of a tenant. */
export const moveSchema = z
  .strictObject({
    id: uuid,
    from: placementSchema,
    to: placementSchema,
    done: z.array(z.enum(MOVE_STEPS)).describe('Steps that are recorded, in their order'),
    finished: z.boolean(),
    abandoned: z.boolean(),
    lastError: z.string().nullable(),
    createdAt: instantSchema,
  })
  .meta({ id: 'TenantMove' });

/** Moves of a tenant, newest first. */
export const movesSchema = z.strictObject({ items: z.array(moveSchema) }).meta({ id: 'TenantMoves' });

/** Bodies as the controller gets them. */
export type NewTenantBody = z.output<typeof newTenantSchema>;
export type SuspensionBody = z.output<typeof suspensionSchema>;
export type NewMoveBody = z.output<typeof newMoveSchema>;
export type TenantsQuery = z.output<typeof tenantsQuerySchema>;

/** The wishes in the words of the placement. */
export function wishesOf({ isolation, cluster, database }: NewMoveBody) {
  return { ...(isolation && { model: isolation }), ...(cluster && { cluster }), ...(database && { database }) };
}

function presentPlacement({ model, cluster, database, schema }: LandlordTenant['placement']) {
  return { isolation: model, cluster, database, schema };
}

/** The answer for a tenant. */
export function presentLandlordTenant(tenant: LandlordTenant): z.input<typeof landlordTenantSchema> {
  const placement = presentPlacement(tenant.placement);
  return { ...tenant, placement, createdAt: tenant.createdAt.toISOString() };
}

/** The answer for a move. */
export function presentMove(move: TenantMove): z.input<typeof moveSchema> {
  const { id, source, target, done, abandonedAt, lastError, createdAt } = move;
  return {
    id,
    from: presentPlacement(source),
    to: presentPlacement(target),
    done: [...done],
    finished: done.length === MOVE_STEPS.length,
    abandoned: abandonedAt !== null,
    lastError,
    createdAt: createdAt.toISOString(),
  };
}
