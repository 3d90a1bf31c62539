const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

/** Whether the server may be asked for it: ids of runs, tasks, episodes and the like. */
export const isUuid = (value: string): boolean => UUID.test(value);
