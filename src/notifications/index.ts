/** Mail to people, because of what happened. */
export { NotificationsModule } from './notifications.module.js';
