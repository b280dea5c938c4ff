import { Module } from '@nestjs/common';
import { RedisModule } from '#libs/redis';
import { SecretsModule } from '#libs/secrets';
import { AccessCache } from './access-cache.js';
import { AccessChangeRows } from './access-changes.repository.js';
import { AccessChanges } from './access-changes.js';
import { AccessReads } from './access-reads.js';
import { AccessStore } from './access-store.js';
import { AccessView } from './access-view.js';
import { InBackground } from './in-background.js';

/** What is remembered of sessions and keys, and what voids it. Needs DatabaseModule and ConfigModule. */
@Module({
  imports: [RedisModule, SecretsModule],
  providers: [AccessCache, AccessChangeRows, AccessChanges, AccessReads, AccessStore, AccessView, InBackground],
  exports: [AccessCache, AccessChanges, AccessReads, AccessView, InBackground],
})
export class AccessModule {}
