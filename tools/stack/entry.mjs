// Written so that a Node far too old for the rest can still read it and say so: no `node:` names, no `?.`, no top-level await.
var MINIMUM = 20;

/**
 * Runs a command of tools/commands: checks the Node version, then imports the module and calls its `main(args)`.
 * A UserFault becomes one sentence and exit code 1.
 */
export function enter(name) {
  if (Number(process.versions.node.split('.')[0]) < MINIMUM) {
    console.error('Quoin needs Node.js ' + MINIMUM + ' or newer to begin; this is ' + process.version + '.');
    process.exit(1);
  }
  import('../commands/' + name + '.mjs')
    .then(function (command) {
      return command.main(process.argv.slice(2));
    })
    .catch(function (error) {
      return import('./progress.mjs').then(function (progress) {
        console.error('');
        console.error(progress.explain(error));
        process.exit(1);
      });
    });
}
