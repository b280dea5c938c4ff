import { type DynamicModule, Module } from '@nestjs/common';

/** The guards that every request of the API passes, in this order. */
@Module({})
export class RequestGuards {
  static forRoot(): DynamicModule {
    return { module: RequestGuards };
  }
}
