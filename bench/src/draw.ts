import { readFigures } from './figures.js';
import { drawPlots } from './plots.js';

/** Plots of what was measured last. */
const drawn = await drawPlots(await readFigures());
console.log(drawn.length > 0 ? drawn.join('\n') : 'Nothing was measured yet: npm run bench');
