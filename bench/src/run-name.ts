import { uuidFrom } from '@duofactory/contracts';

/** Id of the run that an event starts: the orchestrator derives it from the event's source and id. */
export const runNameOf = (source: string, id: string): string => uuidFrom('run', `${source}#${id}`);
