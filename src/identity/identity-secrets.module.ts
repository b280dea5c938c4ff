import { Module } from '@nestjs/common';
import { SecretsModule } from '#libs/secrets';
import { ResealSecrets } from './secrets/reseal-secrets.js';
import { SealedSecrets } from './secrets/sealed-secrets.repository.js';

/** For operators who change ENCRYPTION_KEYS. Needs ConfigModule. */
@Module({ imports: [SecretsModule], providers: [SealedSecrets, ResealSecrets], exports: [ResealSecrets] })
export class IdentitySecretsModule {}
