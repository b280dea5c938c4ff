import { type DynamicModule, Global, Module } from '@nestjs/common';
import { ObjectStorage } from './object-storage.js';
import { STORAGE_OPTIONS, type StorageOptions } from './storage.options.js';

/** Gives every capability of the process {@link ObjectStorage}. Connects when it is first used. */
@Global()
@Module({})
export class StorageModule {
  static forRoot(options: StorageOptions): DynamicModule {
    return {
      module: StorageModule,
      providers: [{ provide: STORAGE_OPTIONS, useValue: options }, ObjectStorage],
      exports: [ObjectStorage],
    };
  }
}
