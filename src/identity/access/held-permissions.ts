/** SQL on the user aliased `u`: whether they are an owner, and what their roles permit. */
export const HELD_PERMISSIONS = `
    exists (select from user_role l join role r on r.tenant_id = l.tenant_id and r.id = l.role_id
      where l.tenant_id = u.tenant_id and l.user_id = u.id and r.is_owner) as "isOwner",
    array(select distinct p from user_role l join role r on r.tenant_id = l.tenant_id and r.id = l.role_id,
      unnest(r.permissions) p where l.tenant_id = u.tenant_id and l.user_id = u.id) as permissions`;

/** The user of a credential, as both ask. */
export interface HolderRow {
  readonly userId: string;
  readonly email: string;
  readonly isOwner: boolean;
  readonly permissions: readonly string[];
  readonly snapshot: string;
  /** Until the credential ends whatever happens; seconds. */
  readonly endsInS: number;
  /** Nobody has noted for a while that it is in use. */
  readonly unseen: boolean;
}
