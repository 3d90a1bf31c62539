/**
 * What the worker thread runs, as text: so it loads the same from sources and from the build. Answers go back as JSON,
 * since JSONata marks its lists in ways that must not travel.
 */
export const WORKER_CODE = `
  const { parentPort, workerData } = require('node:worker_threads');
  const jsonata = require(workerData.jsonata);
  const compiled = new Map();
  const compile = (text) => {
    let expression = compiled.get(text);
    if (!expression) {
      if (compiled.size > 500) compiled.clear();
      compiled.set(text, (expression = jsonata(text)));
    }
    return expression;
  };
  parentPort.on('message', async ({ id, expression, scopes }) => {
    try {
      const program = compile(expression);
      const values = [];
      for (const scope of scopes) {
        const value = await program.evaluate(scope);
        values.push(typeof value === 'function' || value === undefined ? undefined : value);
      }
      parentPort.postMessage({ id, values: values.map((value) => JSON.stringify(value)) });
    } catch (error) {
      parentPort.postMessage({ id, failure: String((error && error.message) || error) });
    }
  });
  parentPort.on('messageerror', (error) => parentPort.postMessage({ failure: String(error.message) }));
  parentPort.postMessage('ready');
`;
