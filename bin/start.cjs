// Apart from `portcullis`: a Node that doesn't know `import()` must not even parse it.
import('../dist/main.js')
  .then((cli) => cli.run())
  .catch((error) => {
    process.stderr.write(
      error?.code === 'ERR_MODULE_NOT_FOUND' && /dist\/main\.js/.test(String(error.message))
        ? 'portcullis is not built yet. Run: npm ci && npm run build\n'
        : `portcullis could not be loaded: ${error?.stack ?? error}\n`,
    );
    process.exit(70);
  });
