import { runService } from '@duofactory/platform';
import { mediaService } from './media.module.js';

await runService(mediaService);
