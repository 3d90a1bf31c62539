import { Controller, Get, Header, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { Registry } from 'prom-client';
import { Readiness } from './readiness.js';

interface StatusResponse {
  status(code: number): unknown;
}

/** For whoever keeps the process alive, sends it traffic, or measures it. */
@ApiExcludeController()
@Controller()
export class HealthController {
  constructor(
    private readonly readiness: Readiness,
    private readonly registry: Registry,
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
  @Header('content-type', Registry.PROMETHEUS_CONTENT_TYPE)
  metrics(): Promise<string> {
    return this.registry.metrics();
  }
}
