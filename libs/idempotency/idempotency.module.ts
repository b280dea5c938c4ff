import { Global, Module } from '@nestjs/common';
import { KeptAnswers } from './kept-answers.js';
import { PruneAnswers } from './prune-answers.js';
import { PruningLoop } from './pruning-loop.js';

/** Kept answers: written and found by the api, pruned by the worker. */
@Global()
@Module({ providers: [KeptAnswers], exports: [KeptAnswers] })
export class IdempotencyModule {}

/** For the worker: forgets answers whose time is over. */
@Module({ providers: [PruneAnswers, PruningLoop], exports: [PruneAnswers] })
export class IdempotencyPruningModule {}
