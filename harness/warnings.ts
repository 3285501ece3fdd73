/** Node.js 24 calls its SQLite experimental on every start; users of the command cannot do anything about that. */
process.removeAllListeners('warning');
process.on('warning', (warning) => {
  if (warning.name !== 'ExperimentalWarning') process.stderr.write(`${warning.name}: ${warning.message}\n`);
});
