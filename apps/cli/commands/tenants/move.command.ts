import { Command } from 'commander';
import { MoveTenant } from '#erp/tenants';
import { audited } from '../../in-application.js';
import { OperatorError } from '../../failure.js';
import { describePlacement, type PlaceOptions, wishesOf, withPlaceOptions } from './place-options.js';

interface MoveOptions extends PlaceOptions {
  readonly continue?: boolean;
  readonly abandon?: boolean;
  readonly keepSource: string;
}

const STEP_NAMES = {
  prepared: 'making the place',
  paused: 'pausing writes',
  copied: 'copying',
  verified: 'comparing every table',
  switched: 'switching',
  resumed: 'letting writes in',
  removed: 'removing what was left behind',
} as const;

/** `quoin tenants move`: to another cluster, database or isolation model. Run again, it goes on where it stopped. */
export function moveCommand(): Command {
  return withPlaceOptions(
    new Command('move')
      .description("move a tenant; its writes are refused while it is copied, reads go on (needs the owner's login)")
      .argument('<slug>')
      .option('--continue', 'go on with the move that is open')
      .option('--abandon', 'give the open move up; possible until it has switched')
      .option('--keep-source <seconds>', 'what was left behind is removed this long after the switch', '60'),
  ).action(async (slug: string, options: MoveOptions) => {
    await audited(async (application) => {
      const moving = application.get(MoveTenant);
      if (options.abandon) {
        await moving.abandon(slug);
        return console.log(`The move of ${slug} is abandoned; it is served where it was.`);
      }
      if (!options.continue) await moving.plan(slug, requireWish(options));
      const move = await moving.finish(slug, {
        keepSourceMs: secondsOf(options.keepSource) * 1_000,
        onStep: (step, state) => console.error(state === 'begins' ? `${STEP_NAMES[step]} …` : `${step}: done`),
      });
      console.log(`${slug} was moved from ${describePlacement(move.source)} to ${describePlacement(move.target)}.`);
    });
  });
}

function requireWish(options: PlaceOptions) {
  const wishes = wishesOf(options);
  if (Object.keys(wishes).length > 0) return wishes;
  throw new OperatorError('Say where to: --isolation, --cluster or --database; or --continue an open move.');
}

function secondsOf(text: string): number {
  if (/^\d{1,5}$/.test(text)) return Number(text);
  throw new OperatorError('--keep-source is a number of seconds.');
}
