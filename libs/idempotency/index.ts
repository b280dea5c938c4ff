/** Requests that may be repeated: their answers, kept with their effects. */
export { IdempotencyModule, IdempotencyPruningModule } from './idempotency.module.js';
export {
  AnswerNotKept,
  IdempotencyKeyInvalid,
  IdempotencyKeyMissing,
  IdempotencyKeyReused,
  RequestInProgress,
} from './idempotency.errors.js';
export {
  ANSWER_BYTES_MAX,
  type ClaimFailure,
  claimFailureOf,
  KEPT_HOURS,
  type KeptAnswer,
  KeptAnswers,
  type KeyedRequest,
} from './kept-answers.js';
export { PruneAnswers } from './prune-answers.js';
export { idempotencySchema } from './schema.js';
