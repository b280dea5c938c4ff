import { z } from 'zod';
import { instantSchema, pageOf, pageQuery, text, uuid } from '#libs/http';
import { PERMISSION_NAMES, PERMISSIONS } from '../permissions.js';
import type { RoleView } from '../role.queries.js';

/** Body of `POST /v1/roles` and `PUT /v1/roles/{id}`. */
export const roleDefinitionSchema = z
  .strictObject({
    name: text({ max: 100 }),
    permissions: z.array(z.string().max(60)).max(200).describe('Names from GET /v1/permissions'),
  })
  .meta({ id: 'RoleDefinition', example: { name: 'counter', permissions: ['sales.order.read', 'sales.order.write'] } });

/** A role as the API shows it. */
export const roleSchema = z
  .strictObject({
    id: uuid,
    name: z.string(),
    permissions: z.array(z.string()),
    isOwner: z.boolean().describe('The role that always has all permissions'),
    version: z.int(),
    createdAt: instantSchema,
    updatedAt: instantSchema,
  })
  .meta({ id: 'Role' });

/** A page of roles. */
export const rolePageSchema = pageOf(roleSchema);

/** Query of `GET /v1/roles`. */
export const roleListQuery = pageQuery({});

/** The catalogue of permissions. */
export const permissionListSchema = z
  .strictObject({
    items: z.array(z.strictObject({ name: z.string(), description: z.string() })),
    nextCursor: z.null(),
  })
  .meta({ id: 'PermissionList' });

/** Body of `POST /v1/roles` and `PUT /v1/roles/{id}`. */
export type RoleDefinitionBody = z.output<typeof roleDefinitionSchema>;
/** Query of `GET /v1/roles`. */
export type RoleListQuery = z.output<typeof roleListQuery>;

/** The answer for a role. */
export function presentRole(role: RoleView): z.input<typeof roleSchema> {
  const { createdAt, updatedAt, permissions, ...rest } = role;
  return {
    ...rest,
    permissions: [...permissions],
    createdAt: createdAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
  };
}

/** The answer with the catalogue. */
export function presentPermissions(): z.input<typeof permissionListSchema> {
  return { items: PERMISSION_NAMES.map((name) => ({ name, description: PERMISSIONS[name] })), nextCursor: null };
}
