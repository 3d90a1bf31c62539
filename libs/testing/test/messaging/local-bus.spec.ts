import { LocalBus } from '@duofactory/messaging';
import { busContract, quietLog } from '../../src/index.js';

busContract('local', () => new LocalBus({ backOff: () => 5, log: quietLog }));
