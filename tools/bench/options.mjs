import { parseArgs } from 'node:util';
import { UserFault } from '../stack/progress.mjs';

/** The names that `--json` writes and the baseline holds. */
export const SCENARIO_NAMES = ['catalogue_cached', 'catalogue_not_modified', 'catalogue_uncached', 'order_placement'];

export const USAGE = `npm run bench -- [options]

  --only a,b         these scenarios (${SCENARIO_NAMES.join(', ')})
  --seconds N        length of one measurement (default 5)
  --rounds N         rounds of scenario and bare limit in turn (default 5)
  --tenants N        tenants that the load is spread over (default 10)
  --json FILE        write the figures
  --check            compare the ratios with tools/bench/baseline.json; exit code 1 when one fell
  --save-baseline    write the ratios there
  --profile          write a CPU profile of the api and the statements it ran to .local/bench/profiles
  --scale            instead: p95 with few and with many tenants and orders (--few 10x10000 --many 10000x5000000)
  --memory           instead: memory of the api under load (--minutes 10)`;

const OPTIONS = {
  only: { type: 'string' },
  seconds: { type: 'string', default: '5' },
  rounds: { type: 'string', default: '5' },
  tenants: { type: 'string', default: '10' },
  json: { type: 'string' },
  check: { type: 'boolean', default: false },
  'save-baseline': { type: 'boolean', default: false },
  profile: { type: 'boolean', default: false },
  scale: { type: 'boolean', default: false },
  few: { type: 'string', default: '10x10000' },
  many: { type: 'string', default: '10000x5000000' },
  memory: { type: 'boolean', default: false },
  minutes: { type: 'string', default: '10' },
  help: { type: 'boolean', default: false },
};

function parsed(args) {
  try {
    return parseArgs({ args, options: OPTIONS, allowPositionals: false }).values;
  } catch (error) {
    if (typeof error.code === 'string' && error.code.startsWith('ERR_PARSE_ARGS')) {
      throw new UserFault(`${error.message}\n\n${USAGE}`);
    }
    throw error;
  }
}

function wholeNumber(name, text, max) {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= 1 && value <= max) return value;
  throw new UserFault(`--${name} takes a whole number from 1 to ${max}, not "${text}".`);
}

function scenarios(text) {
  if (text === undefined) return SCENARIO_NAMES;
  const names = text.split(',').map((name) => name.trim());
  const unknown = names.find((name) => !SCENARIO_NAMES.includes(name));
  if (unknown !== undefined)
    throw new UserFault(`There is no scenario "${unknown}"; there are ${SCENARIO_NAMES.join(', ')}.`);
  return SCENARIO_NAMES.filter((name) => names.includes(name));
}

/** `10x10000`: 10 tenants with 10,000 orders altogether. */
function dataSize(name, text) {
  const [tenants, orders, ...rest] = text.split('x').map((part) => wholeNumber(name, part, 100_000_000));
  if (orders === undefined || rest.length > 0 || orders < tenants) {
    throw new UserFault(`--${name} takes <tenants>x<orders>, such as 10x10000, with at least one order a tenant.`);
  }
  return { tenants, orders };
}

/** What the command line asks for. @throws {UserFault} */
export function benchOptions(args) {
  const values = parsed(args);
  if (values.check && values['save-baseline']) throw new UserFault('Either --check the baseline or --save-baseline.');
  if ([values.scale, values.memory].filter(Boolean).length > 1) throw new UserFault('Either --scale or --memory.');
  return {
    help: values.help,
    mode: values.scale ? 'scale' : values.memory ? 'memory' : 'ratios',
    scenarios: scenarios(values.only),
    seconds: wholeNumber('seconds', values.seconds, 3_600),
    rounds: wholeNumber('rounds', values.rounds, 100),
    tenants: wholeNumber('tenants', values.tenants, 10_000),
    minutes: wholeNumber('minutes', values.minutes, 1_440),
    few: dataSize('few', values.few),
    many: dataSize('many', values.many),
    json: values.json,
    check: values.check,
    saveBaseline: values['save-baseline'],
    profile: values.profile,
  };
}
