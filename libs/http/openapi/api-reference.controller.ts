import { Controller, Get, Header } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { ApiExcludeController } from '@nestjs/swagger';
import { Public, WithoutTenant } from '#libs/auth';
import { documentOf } from './reference-page.js';

/** The OpenAPI document of the running API. */
@ApiExcludeController()
@Controller({ path: 'openapi.json', version: '1' })
export class ApiReferenceController {
  constructor(private readonly host: HttpAdapterHost) {}

  @Get()
  @Public()
  @WithoutTenant()
  @Header('Content-Type', 'application/json')
  document(): string {
    return documentOf(this.host.httpAdapter).json;
  }
}
