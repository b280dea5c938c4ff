import { Command } from 'commander';
import { LIMIT_NAMES, type LimitName, PER_MINUTE_MAX, RateLimitSettings, type SetLimits } from '#libs/throttling';
import { OperatorError } from '../failure.js';
import { audited } from '../in-application.js';

/** `quoin limits show|set|plan`: how often tenants may ask, without a restart (requirement D2). */
export function limitsCommand(): Command {
  return new Command('limits')
    .description('requests a minute, by tenant and by plan; every process follows within two seconds')
    .addCommand(showCommand())
    .addCommand(setCommand())
    .addCommand(planCommand());
}

function showCommand(): Command {
  return new Command('show')
    .description('what holds for a tenant and where it comes from, as JSON')
    .argument('<tenant>')
    .action((slug: string) =>
      audited(async (application) => {
        console.log(JSON.stringify(await application.get(RateLimitSettings).ofTenant(slug), undefined, 2));
      }),
    );
}

function setCommand(): Command {
  return new Command('set')
    .description(`change limits: ${LIMIT_NAMES.join(', ')}; "default" takes one away`)
    .argument('<tenant-or-plan>')
    .argument('<limit=number...>', 'e.g. route=600 tenant=60000 search=default')
    .option('--plan', 'of a plan, for all of its tenants that have no limit of their own')
    .action((holder: string, assignments: string[], { plan }: { plan?: boolean }) => {
      const changes = assignments.map(changeOf);
      return audited(async (application) => {
        const settings = application.get(RateLimitSettings);
        const before = plan ? await settings.ofPlan(holder) : (await settings.ofTenant(holder)).own;
        const limits = changed(before, changes);
        const after = plan ? await settings.setOfPlan(holder, limits) : await settings.setOfTenant(holder, limits);
        console.log(JSON.stringify(after, undefined, 2));
      });
    });
}

function planCommand(): Command {
  return new Command('plan')
    .description('put a tenant on another plan')
    .argument('<tenant>')
    .argument('<plan>')
    .action((slug: string, plan: string) =>
      audited(async (application) => {
        console.log(JSON.stringify(await application.get(RateLimitSettings).putOnPlan(slug, plan), undefined, 2));
      }),
    );
}

type Change = readonly [name: LimitName, perMinute: number | undefined];

function changeOf(assignment: string): Change {
  const [name, value, ...rest] = assignment.split('=');
  const known = LIMIT_NAMES.find((each) => each === name);
  const perMinute = value === 'default' ? undefined : Number(value);
  const valid = perMinute === undefined || (/^\d+$/.test(value ?? '') && perMinute >= 1 && perMinute <= PER_MINUTE_MAX);
  if (!known || rest.length > 0 || !valid) {
    throw new OperatorError(`${assignment} is no limit: say e.g. route=600; the limits are ${LIMIT_NAMES.join(', ')}.`);
  }
  return [known, perMinute];
}

function changed(before: SetLimits, changes: readonly Change[]): SetLimits {
  const after = new Map<string, number>(Object.entries(before));
  for (const [name, perMinute] of changes) {
    if (perMinute === undefined) after.delete(name);
    else after.set(name, perMinute);
  }
  return Object.fromEntries(after);
}
