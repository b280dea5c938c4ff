import { OwnershipPolicy } from '#libs/auth';
import type { Permission } from '../roles/permissions.js';

/** Sees and revokes the keys of everybody. */
const MANAGE: Permission = 'api_key.manage';

/** People have their own keys; who manages keys, everybody's. */
export const apiKeyPolicy = new OwnershipPolicy<{ readonly userId: string }>({
  ownerOf: ({ userId }) => userId,
  all: MANAGE,
});
