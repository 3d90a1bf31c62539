import { Controller, Get, Header, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { Metrics, metricsText } from '../metrics/metrics.js';
import { Problem } from '../problem.js';
import { Readiness } from './readiness.js';

interface StatusResponse {
  status(code: number): unknown;
}

/** All that one scrape tells. */
export class ScrapedMetrics {
  constructor(readonly all: readonly Metrics[]) {}
}

/** For whoever keeps the process alive, sends it traffic, or measures it. */
@ApiExcludeController()
@Controller()
export class HealthController {
  constructor(
    private readonly readiness: Readiness,
    private readonly metrics: ScrapedMetrics,
  ) {}

  @Get('health/live')
  live(): { live: true } {
    return { live: true };
  }

  @Get('health/ready')
  async ready(@Res({ passthrough: true }) response: StatusResponse): ReturnType<Readiness['check']> {
    const answer = await this.readiness.check();
    response.status(answer.ready ? 200 : 503);
    return answer;
  }

  @Get('metrics')
  @Header('content-type', Metrics.CONTENT_TYPE)
  scrape(): Promise<string> {
    const { all } = this.metrics;
    if (!all.some(({ on }) => on)) throw metricsOff();
    return metricsText(all);
  }
}

export function metricsOff(): Problem {
  return new Problem({
    status: 404,
    code: 'metrics-off',
    title: 'Metrics are turned off',
    detail: 'Set DUOFACTORY_METRICS to true and start again',
  });
}
