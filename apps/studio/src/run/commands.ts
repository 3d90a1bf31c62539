import { api, type RunDetail } from '../api/client.js';
import { answer } from '../api/problem.js';

const COMMANDS = {
  pause: (id: string) => answer(api.POST('/api/runs/{id}/pause', { params: { path: { id } } })),
  resume: (id: string) => answer(api.POST('/api/runs/{id}/resume', { params: { path: { id } } })),
  cancel: (id: string) => answer(api.POST('/api/runs/{id}/cancel', { params: { path: { id } } })),
  retry: (id: string) => answer(api.POST('/api/runs/{id}/retry', { params: { path: { id } } })),
};

export type Command = keyof typeof COMMANDS;

/** What may be asked of a run in its state; the server has the last word. */
const OFFERED: Readonly<Record<string, readonly Command[]>> = {
  queued: ['pause', 'cancel'],
  running: ['pause', 'cancel'],
  paused: ['resume', 'cancel'],
  failed: ['retry'],
  cancelled: ['retry'],
};

export const commandsFor = (status: string): readonly Command[] => OFFERED[status] ?? [];

/** The run as it is then. */
export const giveCommand = (command: Command, run: string): Promise<RunDetail> => COMMANDS[command](run);
