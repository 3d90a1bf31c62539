import { Command } from 'commander';
import { Api } from '../client/api.js';
import { startHost } from '../host/start-host.js';
import { makeSampleEpisode } from '../host/sample-episode.js';

interface UpOptions {
  readonly sample?: boolean;
  readonly once?: boolean;
}

export const up = new Command('up')
  .description(
    'Start all services in this process, with an embedded PostgreSQL unless DUOFACTORY_DATABASE_URL is set',
  )
  .option('--sample', 'apply the shipped content to an empty database, and make one DuoRadio episode')
  .option('--once', 'stop as soon as the episode is published (implies --sample)')
  .action(async ({ sample, once }: UpOptions) => {
    const host = await startHost(process.env);
    const signalled = new Promise<void>((resolve) => {
      for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(name, () => resolve());
    });
    try {
      process.stdout.write(`DuoFactory answers at ${host.url}/api (what it can: ${host.url}/api/docs)\n`);
      process.stdout.write(`The studio, for people: ${host.url}/\n`);
      if (sample || once) {
        const made = makeSampleEpisode(new Api(host.url));
        // Ctrl-C does not wait for the episode: the next start goes on with it.
        await Promise.race([made, signalled]);
      }
      if (once) return;
      process.stdout.write('Ctrl-C stops it; its data stay.\n');
      await signalled;
    } finally {
      await host.stop();
    }
  });
