import { OwnershipPolicy } from '#libs/auth';

/** People have their own sessions, and nobody else’s: an administrator ends them all by disabling the user. */
export const sessionPolicy = new OwnershipPolicy<{ readonly userId: string }>({ ownerOf: ({ userId }) => userId });
