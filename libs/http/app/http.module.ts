import { type DynamicModule, Module } from '@nestjs/common';
import type { AppConfig } from '#libs/config';
import { ConfigModule } from '#libs/config';
import { ApiReferenceController } from '../openapi/api-reference.controller.js';
import { Draining } from './draining.js';
import { RouteAudit } from './route-audit.js';

/** What every HTTP application has. Put round the application's own module by `createHttpApp`. */
@Module({})
export class HttpModule {
  static around(application: DynamicModule['imports'], config: AppConfig, withReference: boolean): DynamicModule {
    return {
      module: HttpModule,
      global: true,
      imports: [ConfigModule.forRoot(config), ...(application ?? [])],
      controllers: withReference ? [ApiReferenceController] : [],
      providers: [Draining, RouteAudit],
      exports: [Draining],
    };
  }
}
