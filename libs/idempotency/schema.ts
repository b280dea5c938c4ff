import type { CapabilitySchema } from '#libs/database';
import { IdempotentAnswers1763700400000 } from './migrations/1763700400000-idempotent-answers.js';

/** Answers that are kept for repetitions, beside the events of the work plane. */
export const idempotencySchema: CapabilitySchema = { platformMigrations: [IdempotentAnswers1763700400000] };
