import { Module } from '@nestjs/common';
import { SecretBox } from './secret-box.js';

/** Gives the {@link SecretBox}. Needs ConfigModule. */
@Module({ providers: [SecretBox], exports: [SecretBox] })
export class SecretsModule {}
