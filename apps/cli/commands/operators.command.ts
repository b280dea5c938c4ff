import { Command } from 'commander';
import { AddOperator, ChangeOperator, Operators } from '#erp/identity';
import { OperatorError } from '../failure.js';
import { audited } from '../in-application.js';
import { readPassword } from '../read-password.js';

/** `quoin operators add|list|password|disable`: who may run this installation over HTTP (requirement A7). */
export function operatorsCommand(): Command {
  return new Command('operators')
    .description('the people who run this installation: they sign in at POST /v1/operator/tokens')
    .addCommand(addCommand())
    .addCommand(listCommand())
    .addCommand(passwordCommand())
    .addCommand(disableCommand());
}

function addCommand(): Command {
  return new Command('add')
    .description('let somebody in; the password is read from standard input')
    .argument('<email>')
    .requiredOption('--name <name>', 'what they are called')
    .action(async (email: string, { name }: { name: string }) => {
      const operator = { email: requireAddress(email), name, password: await readPassword() };
      await audited((application) => application.get(AddOperator).execute(operator));
      console.log(`${email} is an operator.`);
    });
}

function listCommand(): Command {
  return new Command('list').description('all operators, the oldest first').action(() =>
    audited(async (application) => {
      const operators = await application.get(Operators).list();
      for (const { email, name, status, lastSignedInAt } of operators) {
        console.log(`${email}  ${name}  ${status}  last signed in: ${lastSignedInAt?.toISOString() ?? 'never'}`);
      }
      if (operators.length === 0) console.log('No operators. Add one with: quoin operators add <email> --name <name>');
    }),
  );
}

function passwordCommand(): Command {
  return new Command('password')
    .description('give an operator another password, read from standard input; lets a disabled one in again')
    .argument('<email>')
    .action(async (email: string) => {
      const password = await readPassword();
      await audited((application) => application.get(ChangeOperator).setPassword(email, password));
      console.log(`${email} has a new password; older tokens are void.`);
    });
}

function disableCommand(): Command {
  return new Command('disable')
    .description('let an operator in no more; their tokens are void at once')
    .argument('<email>')
    .action(async (email: string) => {
      await audited((application) => application.get(ChangeOperator).disable(email));
      console.log(`${email} is disabled.`);
    });
}

function requireAddress(email: string): string {
  if (/^[^\s@]+@[^\s@]+$/.test(email) && email.length <= 254) return email;
  throw new OperatorError(`${email} is no e-mail address.`);
}
