import type { CapabilitySchema } from '#libs/database';
import { EmailMessage } from './emails/email-message.entity.js';
import { Notifications1763601000000 } from './migrations/1763601000000-notifications.js';

/** Tables of the notifications. */
export const notificationsSchema: CapabilitySchema = {
  entities: [EmailMessage],
  migrations: [Notifications1763601000000],
};
