/** What values that come from outside may look like, wherever they come in. */
export { emailSchema } from './email.js';
export { text, type TextBounds } from './text.js';
