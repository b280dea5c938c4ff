import 'reflect-metadata';
import { Command } from 'commander';
import { booksCommand } from './commands/books.command.js';
import { deadLettersCommand } from './commands/dead-letters.command.js';
import { demoCommand } from './commands/demo.command.js';
import { importCommand } from './commands/import.command.js';
import { limitsCommand } from './commands/limits.command.js';
import { migrateCommand } from './commands/migrate.command.js';
import { operatorsCommand } from './commands/operators.command.js';
import { secretsCommand } from './commands/secrets.command.js';
import { tenantsCommand } from './commands/tenants/tenants.command.js';
import { reportFailure } from './failure.js';

const program = new Command('quoin')
  .description('Operator commands of Quoin. Configuration comes from the environment, as for api and worker.')
  .addCommand(migrateCommand())
  .addCommand(importCommand())
  .addCommand(demoCommand())
  .addCommand(booksCommand())
  .addCommand(deadLettersCommand())
  .addCommand(limitsCommand())
  .addCommand(operatorsCommand())
  .addCommand(secretsCommand())
  .addCommand(tenantsCommand());

try {
  await program.parseAsync();
} catch (error) {
  reportFailure(error);
}
