import { z } from 'zod';
import { PASSWORD_LENGTH_MAX, PASSWORD_LENGTH_MIN } from '#erp/tenants';
import { emailSchema as email, instantSchema, pageOf, pageQuery, text, uuid } from '#libs/http';
import type { UserView } from '../user.queries.js';

const name = text({ max: 200 });
const password = z.string().min(PASSWORD_LENGTH_MIN).max(PASSWORD_LENGTH_MAX).describe('At least 12 characters');
const roleIds = z.array(uuid).max(50).describe('All roles of the user, by id');
const status = z.enum(['active', 'disabled']);

/** Body of `POST /v1/users`. */
export const newUserSchema = z.strictObject({ email, name, password, roleIds }).meta({ id: 'NewUser' });

/** Body of `PATCH /v1/users/{id}`. */
export const userChangeSchema = z
  .strictObject({ email, name, password, roleIds, status })
  .partial()
  .refine((change) => Object.keys(change).length > 0, { message: 'Name at least one field to change' })
  .meta({ id: 'UserChange' });

/** A user as the API shows it. */
export const userSchema = z
  .strictObject({
    id: uuid,
    email: z.string(),
    emailVerified: z.boolean().describe('The user was shown to read the mail of this address'),
    name: z.string(),
    status,
    roles: z.array(z.strictObject({ id: uuid, name: z.string() })),
    version: z.int(),
    createdAt: instantSchema,
    updatedAt: instantSchema,
  })
  .meta({ id: 'User' });

/** A page of users. */
export const userPageSchema = pageOf(userSchema);

/** Query of `GET /v1/users`. */
export const userListQuery = pageQuery({ status: status.optional() });

/** Body of `POST /v1/users`. */
export type NewUserBody = z.output<typeof newUserSchema>;
/** Body of `PATCH /v1/users/{id}`. */
export type UserChangeBody = z.output<typeof userChangeSchema>;
/** Query of `GET /v1/users`. */
export type UserListQuery = z.output<typeof userListQuery>;

/** The answer for a user. */
export function presentUser(user: UserView): z.input<typeof userSchema> {
  const { createdAt, updatedAt, roles, ...rest } = user;
  return { ...rest, roles: [...roles], createdAt: createdAt.toISOString(), updatedAt: updatedAt.toISOString() };
}
