import { Body, Controller, Get, Put, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { ConcurrentModification } from '#libs/database';
import { Answers, IfMatch, PreconditionFailed, Refuses, RequiresPermission, setETag } from '#libs/http';
import { CompanyNotFound } from '../company.errors.js';
import { CompanyQueries } from '../company.queries.js';
import { UpdateCompany } from '../update-company.js';
import { companySchema, type CompanyUpdateBody, companyUpdateSchema, presentCompany } from './company.schemas.js';

/** The company behind the tenant. */
@ApiTags('Company')
@Controller({ path: 'company', version: '1' })
export class CompanyController {
  constructor(
    private readonly queries: CompanyQueries,
    private readonly updateCompany: UpdateCompany,
  ) {}

  /** The seller as invoices name it. */
  @Get()
  @RequiresPermission('company.read')
  @Answers(200, companySchema)
  @Refuses(CompanyNotFound)
  async get(@Res({ passthrough: true }) reply: FastifyReply) {
    const company = await this.queries.current();
    setETag(reply, company.version);
    return presentCompany(company);
  }

  /** Replaces it; documents that were issued keep what they said. */
  @Put()
  @RequiresPermission('company.write')
  @Answers(200, companySchema)
  @Refuses(CompanyNotFound, PreconditionFailed, ConcurrentModification)
  async put(
    @Body({ schema: companyUpdateSchema }) body: CompanyUpdateBody,
    @IfMatch() expectedVersion: number | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const company = await this.updateCompany.execute(body, expectedVersion);
    setETag(reply, company.version);
    return presentCompany(company);
  }
}
