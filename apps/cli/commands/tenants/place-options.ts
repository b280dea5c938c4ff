import { type Command, Option } from 'commander';
import type { Placement } from '#libs/context';
import { type PlacementWishes, placeText } from '#libs/tenancy';

/** What the options of {@link withPlaceOptions} say. */
export interface PlaceOptions {
  readonly isolation?: Placement['model'];
  readonly cluster?: string;
  readonly database?: string;
}

/** `--isolation`, `--cluster` and `--database`. */
export function withPlaceOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--isolation <model>', 'how its data are kept apart').choices(['shared', 'schema', 'database']),
    )
    .option('--cluster <name>', 'a cluster of DB_CLUSTERS, or default')
    .option('--database <name>', 'a shared database of the cluster');
}

/** The wishes in the words of the placement. */
export function wishesOf({ isolation, cluster, database }: PlaceOptions): PlacementWishes {
  return { ...(isolation && { model: isolation }), ...(cluster && { cluster }), ...(database && { database }) };
}

/** `schema: default/quoin_tenants/t_0199…` */
export function describePlacement(placement: Placement): string {
  return `${placement.model}: ${placeText(placement)}`;
}
