import { Command } from 'commander';
import { DeadLetters } from '#libs/events';
import { inApplicationOf } from '../in-application.js';

interface TenantOption {
  readonly tenant: string;
}

/** `quoin dead-letters list|replay|discard`: work whose attempts are used up (requirement C2). */
export function deadLettersCommand(): Command {
  return new Command('dead-letters')
    .description('work that failed for good: look at it, let it run again, or give it up')
    .addCommand(listCommand())
    .addCommand(decisionCommand('replay', 'let a dead letter run again, with all its attempts'))
    .addCommand(decisionCommand('discard', 'give a dead letter up; what waited behind it goes on'));
}

function listCommand(): Command {
  return new Command('list')
    .description('the dead letters of a tenant, the oldest first')
    .requiredOption('--tenant <slug>', 'the tenant')
    .option('--after <id>', 'the last id of the page before')
    .action(({ tenant, after }: TenantOption & { after?: string }) =>
      inApplicationOf(tenant, async (application) => {
        const page = await application.get(DeadLetters).list(50, after);
        for (const letter of page.items) {
          console.log(`${letter.id}  ${letter.consumer}  ${letter.eventType}  ${letter.attempts} attempts`);
          console.log(`    ${letter.lastError ?? 'no error was recorded'}`);
        }
        if (page.items.length === 0) console.log('No dead letters.');
        if (page.nextCursor) console.log(`More: --after ${page.nextCursor}`);
      }),
    );
}

function decisionCommand(decision: 'replay' | 'discard', description: string): Command {
  return new Command(decision)
    .description(description)
    .argument('<id>', 'the dead letter')
    .requiredOption('--tenant <slug>', 'the tenant')
    .action((id: string, { tenant }: TenantOption) =>
      inApplicationOf(tenant, async (application) => {
        await application.get(DeadLetters)[decision](id);
        console.log(decision === 'replay' ? `${id} will run again.` : `${id} is given up.`);
      }),
    );
}
