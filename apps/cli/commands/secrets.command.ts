import type { INestApplicationContext } from '@nestjs/common';
import { Command } from 'commander';
import { ResealSecrets } from '#erp/identity';
import { LandlordTenants } from '#erp/tenants';
import { inTenant, TenantDirectory } from '#libs/tenancy';
import { OperatorError } from '../failure.js';
import { audited } from '../in-application.js';

/** `quoin secrets reseal`: what follows on a new key in ENCRYPTION_KEYS (requirement D1). */
export function secretsCommand(): Command {
  return new Command('secrets').description('secrets at rest').addCommand(resealCommand());
}

function resealCommand(): Command {
  return new Command('reseal')
    .description('seal all secrets of all tenants under the first of ENCRYPTION_KEYS; then older keys can go')
    .action(() =>
      audited(async (application) => {
        let resealed = 0;
        const failed: string[] = [];
        for await (const slug of tenantsOf(application)) {
          const report = await reseal(application, slug);
          resealed += report.resealed;
          if (report.failure !== undefined) failed.push(`${slug}: ${report.failure}`);
        }
        console.log(`${resealed} secrets sealed anew.`);
        if (failed.length > 0) throw new OperatorError(`Keep the older keys. ${failed.join('; ')}`);
      }),
    );
}

async function* tenantsOf(application: INestApplicationContext): AsyncGenerator<string> {
  const tenants = application.get(LandlordTenants, { strict: false });
  let cursor: string | undefined;
  do {
    const page = await tenants.list(cursor === undefined ? {} : { cursor });
    // Of one that is still being made there is nothing yet.
    for (const { slug, status } of page.items) if (status !== 'provisioning') yield slug;
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
}

/** One tenant that cannot be reached keeps nobody else from being sealed anew. */
async function reseal(
  application: INestApplicationContext,
  slug: string,
): Promise<{ resealed: number; failure?: string }> {
  try {
    const tenant = await application.get(TenantDirectory).bySlug(slug);
    const work = (): ReturnType<ResealSecrets['execute']> =>
      application.get(ResealSecrets, { strict: false }).execute();
    const { resealed, unreadable } = await inTenant(tenant, work);
    return { resealed, ...(unreadable > 0 && { failure: `${unreadable} secrets open under none of the keys` }) };
  } catch (error) {
    return { resealed: 0, failure: String(error) };
  }
}
