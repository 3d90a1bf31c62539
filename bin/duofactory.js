#!/usr/bin/env node
// The command line, on the pinned Node. It installs and builds where that is still to be done.
import { runCommand } from '../scripts/toolchain.mjs';

runCommand(process.argv.slice(2));
