// `npm start`: installs and builds what is needed, starts everything, and makes one DuoRadio episode.
import { runCommand } from './toolchain.mjs';

runCommand(['up', '--sample', ...process.argv.slice(2)]);
