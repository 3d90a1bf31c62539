// `npm run build`: what `npm start` builds before it starts, where that is not done yet.
import { build, install } from './toolchain.mjs';

install();
build();
